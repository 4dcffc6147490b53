using System.CommandLine;
using System.Text.Json;
using Secateur.Cli;
using Secateur.Cli.CommandLine;
using Secateur.Tests.Architecture;

namespace Secateur.Tests.Cli;

public sealed class CommandFileTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    /// <summary>The examples of every command, those below other commands too.</summary>
    public static TheoryData<string> Examples => [.. AllCommands.Leaves.SelectMany(command => command.Examples).Distinct()];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Examples))]
    public void Whatever_can_be_typed_can_be_said_in_a_file(string example)
    {
        string[] words = CommandLineWords.Of(example);
        ParseResult typed = Tool.Parse(words);
        IReadOnlyList<string> path = WordsOf(typed);
        string file = Write(typed, value => value);
        Assert.Equal(Values(typed), Values(Tool.Parse([.. path, "--config", file])));
        Assert.Equal(Values(typed), Values(Tool.Parse(["--config", file, .. path])));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void What_is_typed_wins(string example)
    {
        string[] words = CommandLineWords.Of(example);
        ParseResult typed = Tool.Parse(words);
        Assert.Equal(Values(typed), Values(Tool.Parse([.. words, "--config", Write(typed, value => "other-" + value)])));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void A_key_that_a_command_does_not_know_is_refused_with_those_it_knows(string example)
    {
        ParseResult typed = Tool.Parse(CommandLineWords.Of(example));
        File.WriteAllText(folder["c.json"], """{"no-such-option": 1}""");
        Captured run = Captured.Run([.. WordsOf(typed), "--config", folder["c.json"]]);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains("no-such-option", run.Error);
        Assert.All(CommandFile.Keys(typed.CommandResult.Command).Keys, key => Assert.Contains(key, run.Error));
    }

    [Theory]
    [InlineData("""{"batch": [1, 4]}""", "profile", "--batch", "1,4")]
    [InlineData("""{"image": ["a.png", "--json"]}""", "show", "a.png|--json")]
    [InlineData("""{"image": "@a.png"}""", "show", "@a.png")]
    [InlineData("""{"model": "@weights=1"}""", "show", "--model", "@weights=1")]
    [InlineData("""{"model": ""}""", "show", "--model", "")]
    [InlineData("""{"json": true}""", "show", "--json", "true")]
    [InlineData("""{"json": false}""", "show", "--json", "false")]
    public void Lists_booleans_and_words_that_look_like_something_else_arrive_as_values(string json, string command, params string[] expected)
    {
        File.WriteAllText(folder["c.json"], json);
        Dictionary<string, string> values = Values(Tool.Parse([command, "--config", folder["c.json"]]));
        Assert.Equal(expected[^1], values[expected.Length == 1 ? "IMAGE" : expected[0]]);
    }

    [Theory]
    [InlineData("show", 0)]
    [InlineData("sweep", 1)]
    public void The_files_in_the_docs_are_ones_that_the_tool_takes(string command, int which)
    {
        string[] files = [.. File.ReadLines(Path.Combine(Repository.Root, "docs", "command-line.md")).Where(line => line.StartsWith("    {", StringComparison.Ordinal))];
        File.WriteAllText(folder["c.json"], files[which]);
        Assert.NotEmpty(Values(Tool.Parse([command, "--config", folder["c.json"]])));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{")]
    [InlineData("""{"model": null}""")]
    [InlineData("""{"model": {"a": 1}}""")]
    [InlineData("""{"model": [["a"]]}""")]
    [InlineData("""{"model": [[[["a"]]]]}""")]
    [InlineData("""{"model": []}""")]
    [InlineData("""{"model": "a\u0000b"}""")]
    [InlineData("""{"model": "a", "model": "b"}""")]
    [InlineData("""{"config": "again.json"}""")]
    [InlineData("""{"help": true}""")]
    public void A_file_that_is_no_list_of_options_is_refused_in_one_line(string text)
    {
        File.WriteAllText(folder["c.json"], text);
        Captured run = Captured.Run("show", "--config", folder["c.json"]);
        Assert.Equal((ExitCode.BadInput, ""), (run.ExitCode, run.Out));
        Assert.Contains("c.json", run.Error);
        Assert.Equal(1, run.Error.Count(c => c == '\n'));
    }

    [Fact]
    public void A_huge_file_is_refused_unread()
    {
        File.WriteAllText(folder["c.json"], new string(' ', (1 << 20) + 1) + "{}");
        Assert.Contains("more than", Captured.Run("show", "--config", folder["c.json"]).Error);
    }

    [Fact]
    public void A_value_that_an_option_does_not_take_is_wrong_usage_and_names_the_file()
    {
        File.WriteAllText(folder["c.json"], """{"columns": 0}""");
        Captured run = Captured.Run("show", "--config", folder["c.json"]);
        Assert.Equal(ExitCode.WrongUsage, run.ExitCode);
        Assert.Contains("--columns", run.Error);
        Assert.Contains("c.json", run.Error);
    }

    [Fact]
    public void Mutations_of_a_file_never_end_in_a_fault()
    {
        byte[] good = """{"name": "zero-tprune", "model": "scenes-vit", "json": true, "columns": [1, 2.5e3, "\u00e4"]}"""u8.ToArray();
        var random = new Random(4);
        for (int i = 0; i < Fuzz.Rounds(300); i++)
        {
            byte[] bytes = [.. good];
            for (int j = random.Next(1, 6); j > 0; j--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(folder["c.json"], bytes[..random.Next(1, bytes.Length + 1)]);
            Assert.InRange(Captured.Run("methods", "--config", folder["c.json"]).ExitCode, ExitCode.Done, ExitCode.BadInput);
        }
    }

    string Write(ParseResult typed, Func<string, string> change)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            foreach ((string name, string value) in Values(typed))
            {
                json.WriteStartArray(name.TrimStart('-').ToLowerInvariant());
                foreach (string one in value.Split('|'))
                    json.WriteStringValue(change(one));
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        File.WriteAllBytes(folder["c.json"], stream.ToArray());
        return folder["c.json"];
    }

    /// <summary>What a command line gives its command, by name; flags are "true".</summary>
    static Dictionary<string, string> Values(ParseResult parsed)
    {
        Assert.Empty(parsed.Errors);
        Command command = parsed.CommandResult.Command;
        Dictionary<string, string> values = [];
        foreach (Option option in command.Options)
            if (parsed.GetResult(option) is { Implicit: false } result)
                values[option.Name] = result.Tokens.Count == 0 ? "true" : string.Join('|', result.Tokens.Select(token => token.Value));
        foreach (Argument argument in command.Arguments)
            if (parsed.GetResult(argument) is { Tokens.Count: > 0 } result)
                values[argument.Name] = string.Join('|', result.Tokens.Select(token => token.Value));
        return values;
    }

    static IReadOnlyList<string> WordsOf(ParseResult parsed) => ((ToolCommand)parsed.CommandResult.Command).Words;
}
