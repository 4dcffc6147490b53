using System.CommandLine;
using System.Text.RegularExpressions;
using Secateur.Cli;
using Secateur.Compression.Tokens;
using Secateur.Tests.Cli;

namespace Secateur.Tests.Architecture;

/// <summary>The documents say what is so: their commands parse, their links lead somewhere.</summary>
public sealed class DocumentationTests
{
    static string Read(params string[] path) => File.ReadAllText(Path.Combine([Repository.Root, .. path]));

    static IEnumerable<string> Commands(string document) =>
        Read(document).Split('\n').Where(line => line.StartsWith("    ./secateur ", StringComparison.Ordinal) && !line.Contains('#'))
            .Select(line => line.Split('>')[0].Trim());

    [Fact]
    public void Every_command_in_the_README_is_one_that_the_tool_takes()
    {
        string[] commands = [.. Commands("README.md")];
        Assert.NotEmpty(commands);
        foreach (string command in commands)
        {
            ParseResult parsed = Tool.Root().Parse(CommandLineWords.Of(command));
            Assert.True(parsed.Errors.Count == 0, $"{command}: {string.Join(' ', parsed.Errors.Select(error => error.Message))}");
        }
    }

    [Fact]
    public void The_README_shows_every_command_and_every_exit_code()
    {
        string readme = Read("README.md");
        Assert.All(Tool.Commands, command => Assert.Contains($"    ./secateur {command.Name}", readme));
        foreach (Match code in Regex.Matches(ExitCode.Explanation, @"\b\d+\b"))
            Assert.Contains($"| {code.Value} |", readme);
    }

    [Fact]
    public void Commands_in_the_README_that_need_nothing_else_run()
    {
        string[] alone = [.. Commands("README.md").Where(command => command.StartsWith("./secateur plans", StringComparison.Ordinal) || command.StartsWith("./secateur methods", StringComparison.Ordinal))];
        Assert.NotEmpty(alone);
        Assert.All(alone, command => Assert.Equal(ExitCode.Done, Captured.Run(CommandLineWords.Of(command)).ExitCode));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("ARCHITECTURE.md")]
    [InlineData("CONTRIBUTING.md")]
    public void Links_inside_the_repository_lead_somewhere(string document)
    {
        foreach (Match link in Regex.Matches(Read(document), @"\]\((?!https?:)([^)#]+)\)"))
            Assert.True(Path.Exists(Path.Combine(Repository.Root, link.Groups[1].Value)), $"{document} links to {link.Groups[1].Value}");
    }

    [Fact]
    public void Every_token_plan_in_the_docs_is_one_that_the_tool_reads()
    {
        string[] plans = [.. Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .SelectMany(page => Regex.Matches(File.ReadAllText(page), "```json\n(.*?)```", RegexOptions.Singleline))
            .Select(block => block.Groups[1].Value).Where(json => json.Contains("\"secateur-token-plan\"", StringComparison.Ordinal))];
        Assert.Contains(plans, json => json.Contains("\"composition\"", StringComparison.Ordinal));
        Assert.All(plans, json => Assert.NotEmpty(TokenPlanFile.Parse(json).Stages));
    }

    [Fact]
    public void Every_method_of_the_catalogue_has_a_citation_and_a_page()
    {
        foreach (TokenMethod method in TokenMethods.All)
        {
            Assert.NotEmpty(method.Citation);
            string page = Path.Combine(Repository.Root, "docs", "methods", method.Name + ".md");
            Assert.True(File.Exists(page), $"{method.Name} has no page docs/methods/{method.Name}.md");
            Assert.StartsWith("# ", File.ReadAllText(page));
        }
    }
}
