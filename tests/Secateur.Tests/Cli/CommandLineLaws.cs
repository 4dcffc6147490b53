using System.CommandLine;
using Secateur.Cli;

namespace Secateur.Tests.Cli;

/// <summary>What holds for every command, those below other commands too: who knows one knows all.</summary>
public sealed class CommandLineLaws
{
    /// <summary>These have no results of their own on stdout, only files or a text that is not ours.</summary>
    static readonly string[] WithoutJson = ["run", "completion"];

    public static TheoryData<string> Commands => [.. AllCommands.Everything.Select(command => string.Join(' ', command.Words))];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Everything_is_described_in_a_sentence_and_named_in_lower_case(string path)
    {
        ToolCommand command = Get(path);
        Assert.All<Symbol>([command, .. command.Options, .. command.Arguments], symbol => Assert.True(
            symbol is Option { Name: "--help" } || symbol.Description is { Length: > 8 } text && text[^1] is '.', $"{path} {symbol.Name}: \"{symbol.Description}\""));
        Assert.All(command.Options, option => Assert.Matches("^--[a-z0-9]+(-[a-z0-9]+)*$", option.Name));
        Assert.All(command.Arguments, argument => Assert.Matches("^[A-Z]+$", argument.Name));
        Assert.Matches("^[a-z]+(-[a-z]+)*$", command.Name);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void An_option_that_takes_a_value_says_of_what_kind(string path) => Assert.All(
        Get(path).Options.Where(option => option.ValueType != typeof(bool) && option.Name != "--help"),
        option => Assert.True(option.HelpName is { Length: > 0 }, $"{path} {option.Name} has no HelpName"));

    [Theory]
    [MemberData(nameof(Commands))]
    public void Help_goes_to_stdout_with_examples_of_this_command_that_parse_and_with_exit_codes(string path)
    {
        ToolCommand command = Get(path);
        Captured run = Captured.Run([.. command.Words, "--help"]);
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Contains(ExitCode.Explanation, run.Out);
        Assert.Contains("--config", run.Out);
        Assert.NotEmpty(command.Examples);
        Assert.All(command.Examples, example =>
        {
            Assert.StartsWith($"secateur {path} ", example + " ");
            Assert.Contains(example, run.Out);
            Assert.Empty(Tool.Root().Parse(CommandLineWords.Of(example)).Errors);
        });
    }

    [Fact]
    public void Every_command_with_results_has_json() => Assert.All(
        AllCommands.Leaves.Where(command => !WithoutJson.Contains(command.Name)),
        command => Assert.True(command.Options.OfType<Option<bool>>().Any(option => option.Name == "--json"), $"{string.Join(' ', command.Words)} has no --json"));

    [Fact]
    public void A_short_name_means_the_same_everywhere()
    {
        var meanings = AllCommands.Everything.SelectMany(command => command.Options).Where(option => option.Name != "--help")
            .SelectMany(option => option.Aliases.Select(alias => (Short: alias, Long: option.Name))).Distinct().GroupBy(pair => pair.Short);
        Assert.All(meanings, meaning => Assert.Single(meaning));
    }

    [Fact]
    public void An_option_of_one_name_has_one_short_name_everywhere()
    {
        var shorts = AllCommands.Everything.SelectMany(command => command.Options).Where(option => option.Name != "--help")
            .Select(option => (option.Name, Short: string.Join(' ', option.Aliases))).Distinct().GroupBy(option => option.Name);
        Assert.All(shorts, name => Assert.Single(name));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void An_option_that_is_not_there_is_one_line_on_stderr_and_exit_code_2(string path)
    {
        Captured run = Captured.Run([.. path.Split(' '), "--no-such-option"]);
        Assert.Equal((ExitCode.WrongUsage, ""), (run.ExitCode, run.Out));
        Assert.Equal(1, run.Error.Count(c => c == '\n'));
        Assert.Contains($"secateur {path} --help", run.Error);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_is_an_argument_away_from_its_description(string path) =>
        Assert.Contains(Get(path).Description!.Split(' ')[0], Captured.Run([.. path.Split(' ').SkipLast(1), "--help"]).Out);

    static ToolCommand Get(string path) => AllCommands.Everything.Single(command => string.Join(' ', command.Words) == path);
}
