using System.Text.Json;
using Secateur.Cli;
using Secateur.Compression.Tokens;

namespace Secateur.Tests.Cli;

public sealed class MethodsCommandTests
{
    [Fact]
    public void Every_method_of_the_catalogue_is_listed()
    {
        string[] lines = Captured.Run("methods").Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(TokenMethods.All.Select(method => method.Name), lines.Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public void A_method_s_name_shows_its_source_and_every_option()
    {
        foreach (TokenMethod method in TokenMethods.All)
        {
            string shown = Captured.Run("methods", method.Name).Out;
            Assert.Contains(method.Citation, shown);
            Assert.All(method.Options, option => Assert.Contains($"{option.Name} = {option.Default}", shown));
        }
    }

    [Fact]
    public void As_JSON_every_line_is_a_method()
    {
        foreach (string line in Captured.Run("methods", "--json").Out.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(line);
            TokenMethod method = TokenMethods.Get(json.RootElement.GetProperty("name").GetString()!);
            Assert.Equal(method.Options.Select(option => option.Name), json.RootElement.GetProperty("options").EnumerateArray().Select(option => option.GetProperty("name").GetString()));
        }
    }

    [Fact]
    public void A_method_that_is_not_there_is_wrong_usage_and_says_which_are()
    {
        Captured run = Captured.Run("methods", "none");
        Assert.Equal(ExitCode.WrongUsage, run.ExitCode);
        Assert.Contains("zero-tprune", run.Error);
    }
}
