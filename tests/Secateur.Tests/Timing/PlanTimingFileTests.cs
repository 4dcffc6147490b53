using System.Text.Json;
using System.Text.Json.Nodes;
using Secateur.Evaluation.Timing;
using Secateur.Tests.Architecture;

namespace Secateur.Tests.Timing;

public sealed class PlanTimingFileTests
{
    [Fact]
    public void A_timing_survives_its_file()
    {
        using var folder = new TemporaryFolder();
        PlanTimingFile.Save(Timings.Faster, folder["timing.json"]);
        Assert.Equal(Timings.Faster, PlanTimingFile.Load(folder["timing.json"]));
        Assert.Equal([folder["timing.json"]], Directory.GetFiles(folder.Path));
    }

    /// <summary>Every value of the file is changed in turn: what is read must then print differently, or be refused.</summary>
    [Fact]
    public void Every_value_that_is_written_is_read_back()
    {
        string good = PlanTimingFile.Print(Timings.Faster);
        int values = Leaves(JsonNode.Parse(good)!).Count();
        Assert.InRange(values, 35, 60);
        for (int i = 0; i < values; i++)
        {
            JsonNode json = JsonNode.Parse(good)!;
            JsonValue leaf = Leaves(json).ElementAt(i);
            string place = leaf.GetPath();
            leaf.ReplaceWith(leaf.GetValueKind() switch
            {
                JsonValueKind.String => JsonValue.Create(leaf.GetValue<string>() + "x"),
                JsonValueKind.Number => JsonValue.Create(leaf.GetValue<double>() + 0.5),
                _ => JsonValue.Create(!leaf.GetValue<bool>()),
            });
            string changed = json.ToJsonString();
            try
            {
                string printed = PlanTimingFile.Print(PlanTimingFile.Parse(changed));
                Assert.True(JsonNode.DeepEquals(JsonNode.Parse(changed), JsonNode.Parse(printed)), $"{place} is written but not read");
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    [Fact]
    public void Every_key_that_is_written_is_described_and_asked_for()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "formats", "timing.md")), good = PlanTimingFile.Print(Timings.Faster);
        foreach ((string? inside, string key) in Keys(good))
        {
            Assert.Contains($"`{key}`", page);
            if (key == "waited")
                continue;
            JsonNode json = JsonNode.Parse(good)!;
            (inside is null ? json : json[inside]!).AsObject().Remove(key);
            Assert.Throws<InvalidDataException>(() => PlanTimingFile.Parse(json.ToJsonString()));
        }
    }

    [Theory]
    [InlineData("\"version\": 1", "\"version\": 2", "version 1")]
    [InlineData("\"threads\": 2", "\"threads\": 0", "threads is 0")]
    [InlineData("\"threads\": 2", "\"threads\": 2, \"threads\": 2", "threads")]
    [InlineData("\"threads\": 2", "\"threads\": 2, \"colour\": 1", "'colour'")]
    [InlineData("\"rounds\": 100", "\"rounds\": 1e99", "rounds is 1e99")]
    [InlineData("\"rounds\": 100", "\"rounds\": 5", "differs")]
    [InlineData("\"weights\": \"aaaa", "\"weights\": \"AAAA", "SHA-256")]
    [InlineData("\"cores\": 8", "\"cores\": 9", "was changed")]
    [InlineData("\"p50\": 8", "\"p50\": 0", "percentiles")]
    [InlineData("\"p50\": 8", "\"p50\": 8.5e9", "milliseconds")]
    [InlineData("\"p95\": 9", "\"p95\": 7", "percentiles")]
    [InlineData("\"value\": 1.6", "\"value\": 0", "speedup.value")]
    [InlineData("\"low\": 1.55", "\"low\": 1.75", "interval")]
    [InlineData("\"differs\": true", "\"differs\": false", "differs")]
    [InlineData("\"name\": \"", "\"name\": \"\\u001b[31m", "control characters")]
    [InlineData("\"error\": 0.0125", "\"error\": [[[[[[0]]]]]]", "JSON")]
    public void What_is_no_timing_is_refused_with_the_place_and_what_was_expected(string good, string bad, string says)
    {
        string json = PlanTimingFile.Print(Timings.Faster);
        Assert.Contains(good, json);
        var refused = Assert.Throws<InvalidDataException>(() => PlanTimingFile.Parse(json.Replace(good, bad, StringComparison.Ordinal), "a.json"));
        Assert.Contains("a.json", refused.Message);
        Assert.Contains(says, refused.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"format\": \"secateur-latency-profile\"}")]
    public void Another_file_is_refused(string json) =>
        Assert.Contains("a.json", Assert.Throws<InvalidDataException>(() => PlanTimingFile.Parse(json, "a.json")).Message);

    [Fact]
    public void A_damaged_file_is_read_or_refused_and_nothing_else()
    {
        string good = PlanTimingFile.Print(Timings.Faster);
        var random = new Random(1);
        int refused = 0, rounds = Fuzz.Rounds(2000);
        for (int i = 0; i < rounds; i++)
        {
            char[] text = good.ToCharArray();
            for (int change = random.Next(1, 4); change > 0; change--)
                text[random.Next(text.Length)] = (char)random.Next(32, 127);
            try
            {
                PlanTimingFile.Parse(new string(text)[..random.Next(text.Length / 2, text.Length + 1)]);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, rounds / 3, rounds);
    }

    static IEnumerable<JsonValue> Leaves(JsonNode json) =>
        json is JsonObject o ? o.SelectMany(property => Leaves(property.Value!)) : [json.AsValue()];

    static IEnumerable<(string? Inside, string Key)> Keys(string json) => JsonNode.Parse(json)!.AsObject().SelectMany(
        outer => outer.Value is JsonObject inner ? inner.Select(one => ((string?)outer.Key, one.Key)).Prepend((null, outer.Key)) : [(null, outer.Key)]);
}
