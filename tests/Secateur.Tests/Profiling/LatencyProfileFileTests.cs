using System.Text.Json;
using System.Text.Json.Nodes;
using Secateur.Evaluation.Profiling;

namespace Secateur.Tests.Profiling;

public sealed class LatencyProfileFileTests
{
    [Fact]
    public void A_profile_survives_its_file()
    {
        using var folder = new TemporaryFolder();
        LatencyProfileFile.Save(Profiles.Small, folder["profile.json"]);
        LatencyProfile again = LatencyProfileFile.Load(folder["profile.json"]);
        Assert.Equal(LatencyProfileFile.Print(Profiles.Small), LatencyProfileFile.Print(again));
        Assert.Equal(Profiles.Small.Latency(1, 7), again.Latency(1, 7));
        Assert.Equal(Profiles.Small.Batches[0].Steps.AsEnumerable(), again.Batches[0].Steps.AsEnumerable());
        Assert.Equal(Profiles.Small.Batches[0].Samples[0].Blocks.AsEnumerable(), again.Batches[0].Samples[0].Blocks.AsEnumerable());
        Assert.Equal([folder["profile.json"]], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Files_from_before_there_were_widths_are_read()
    {
        JsonNode json = JsonNode.Parse(LatencyProfileFile.Print(Profiles.Small))!;
        json["version"] = 1;
        json["batches"]![0]!.AsObject().Remove("widths");
        LatencyProfile old = LatencyProfileFile.Parse(json.ToJsonString());
        Assert.Null(old.At(1).Widths);
        Assert.Equal(Profiles.Small.Latency(1, 7), old.Latency(1, 7));
    }

    /// <summary>Every value of the file is changed in turn: what is read must then print differently, or be refused.</summary>
    [Fact]
    public void Every_value_that_is_written_is_read_back()
    {
        string good = LatencyProfileFile.Print(Profiles.Small);
        int values = Leaves(JsonNode.Parse(good)!).Count();
        Assert.InRange(values, 60, 200);
        for (int i = 0; i < values; i++)
        {
            JsonNode json = JsonNode.Parse(good)!;
            JsonValue leaf = Leaves(json).ElementAt(i);
            string place = leaf.GetPath();
            leaf.ReplaceWith(leaf.GetValueKind() switch
            {
                JsonValueKind.String => JsonValue.Create(leaf.GetValue<string>() + "x"),
                JsonValueKind.Number => JsonValue.Create(leaf.GetValue<double>() + 1),
                _ => JsonValue.Create(!leaf.GetValue<bool>()),
            });
            string changed = json.ToJsonString();
            try
            {
                string printed = LatencyProfileFile.Print(LatencyProfileFile.Parse(changed));
                Assert.True(JsonNode.DeepEquals(JsonNode.Parse(changed), JsonNode.Parse(printed)), $"{place} is written but not read");
            }
            catch (LatencyProfileException)
            {
            }
        }
    }

    [Fact]
    public void Every_key_that_is_written_is_described_and_asked_for()
    {
        string page = File.ReadAllText(Path.Combine(Architecture.Repository.Root, "docs", "formats", "profile.md"));
        string good = LatencyProfileFile.Print(Profiles.Small);
        string[] optional = ["token", "dearest", "samples", "outside", "widths"];
        foreach ((string key, Action<JsonNode> remove) in Keys(JsonNode.Parse(good)!))
        {
            Assert.Contains($"`{key}`", page);
            if (optional.Contains(key))
                continue;
            JsonNode json = JsonNode.Parse(good)!;
            remove(json);
            Assert.Throws<LatencyProfileException>(() => LatencyProfileFile.Parse(json.ToJsonString()));
        }
    }

    [Theory]
    [InlineData("\"version\": 2", "\"version\": 3", "version 1 to 2")]
    [InlineData("\"version\": 2", "\"version\": 0", "version 1 to 2")]
    [InlineData("\"neurons\": 12", "\"neurons\": 13", "all 13")]
    [InlineData("\"neurons\": 12", "\"neurons\": 2000000000", "neurons is 2000000000")]
    [InlineData("\"blocks\": [0, 1]", "\"blocks\": [0, 0]", "each of 2 blocks once")]
    [InlineData("\"blocks\": [0, 1]", "\"blocks\": [0]", "each of 2 blocks once")]
    [InlineData("\"kept\": 1,", "\"kept\": 0,", "more than the one before")]
    [InlineData("\"median\": 0.125,", "\"median\": 0,", "median at 0")]
    [InlineData("\"step\": 4", "\"step\": 0", "step is 0")]
    [InlineData("\"threads\": 2", "\"threads\": 0", "threads is 0")]
    [InlineData("\"threads\": 2", "\"threads\": 2, \"threads\": 2", "threads")]
    [InlineData("\"threads\": 2", "\"threads\": 2, \"colour\": 1", "'colour'")]
    [InlineData("\"depth\": 2", "\"depth\": 2000000000", "depth is 2000000000")]
    [InlineData("\"depth\": 2", "\"depth\": 3", "3 blocks")]
    [InlineData("\"weights\": \"aaaa", "\"weights\": \"AAAA", "SHA-256")]
    [InlineData("\"cores\": 8", "\"cores\": 9", "was changed")]
    [InlineData("\"median\": 9,", "\"median\": -9,", "median is -9")]
    [InlineData("\"median\": 9,", "\"median\": 1e999,", "median is 1e999")]
    [InlineData("\"median\": 9,", "\"median\": 90,", "quartiles")]
    [InlineData("\"median\": 9,", "\"median\": \"9\",", "milliseconds")]
    [InlineData("\"tokens\": 2,", "\"tokens\": 20,", "more tokens than")]
    [InlineData("\"batch\": 4", "\"batch\": 1", "twice")]
    [InlineData("\"finished\": true", "\"finished\": 1", "true or false")]
    [InlineData("\"next\": 10", "\"next\": 6", "next is 6")]
    [InlineData("\"batches\": [", "\"batches\": [ { \"batch\": 9, \"steps\": [], \"points\": [] },", "no points")]
    [InlineData("[1,2,1]", "[1,2]", "has 2 entries")]
    [InlineData("[1,2,1]", "[1,2,0]", "0 milliseconds")]
    [InlineData("\"median\": 9,", "\"median\": 0,", "median is 0")]
    [InlineData("\"runtime\": \"", "\"runtime\": \"\\u001b[31m", "control characters")]
    [InlineData("[1,2,1]", "[1,2,1,[[[[[[[]]]]]]]]", "JSON")]
    public void What_is_no_profile_is_refused_with_the_place_and_what_was_expected(string good, string bad, string says)
    {
        string json = LatencyProfileFile.Print(Profiles.Small);
        Assert.Contains(good, json);
        var refused = Assert.Throws<LatencyProfileException>(() => LatencyProfileFile.Parse(json.Replace(good, bad, StringComparison.Ordinal), "a.json"));
        Assert.Contains("a.json", refused.Message);
        Assert.Contains(says, refused.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"format\": \"secateur-token-plan\"}")]
    public void Another_file_is_refused(string json) =>
        Assert.Contains("a.json", Assert.Throws<LatencyProfileException>(() => LatencyProfileFile.Parse(json, "a.json")).Message);

    [Fact]
    public void A_damaged_file_is_read_or_refused_and_nothing_else()
    {
        string good = LatencyProfileFile.Print(Profiles.Small);
        var random = new Random(1);
        int refused = 0, rounds = Fuzz.Rounds(2000);
        for (int i = 0; i < rounds; i++)
        {
            char[] text = good.ToCharArray();
            for (int change = random.Next(1, 4); change > 0; change--)
                text[random.Next(text.Length)] = (char)random.Next(32, 127);
            try
            {
                LatencyProfileFile.Parse(new string(text)[..random.Next(text.Length / 2, text.Length + 1)]);
            }
            catch (LatencyProfileException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, rounds / 3, rounds);
    }

    static IEnumerable<JsonValue> Leaves(JsonNode json) => json switch
    {
        JsonObject o => o.SelectMany(property => Leaves(property.Value!)),
        JsonArray a => a.SelectMany(entry => Leaves(entry!)),
        _ => [json.AsValue()],
    };

    /// <summary>Every key, and how to take it out of another copy of the same file.</summary>
    static IEnumerable<(string Key, Action<JsonNode> Remove)> Keys(JsonNode json)
    {
        switch (json)
        {
            case JsonObject o:
                foreach ((string key, JsonNode? value) in o)
                {
                    yield return (key, other => other.AsObject().Remove(key));
                    foreach ((string inner, Action<JsonNode> remove) in Keys(value!))
                        yield return (inner, other => remove(other[key]!));
                }

                break;
            case JsonArray a:
                for (int i = 0; i < a.Count; i++)
                {
                    int index = i;
                    foreach ((string inner, Action<JsonNode> remove) in Keys(a[i]!))
                        yield return (inner, other => remove(other[index]!));
                }

                break;
        }
    }
}
