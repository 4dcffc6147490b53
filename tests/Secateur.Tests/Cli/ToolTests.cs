using Secateur.Cli;

namespace Secateur.Tests.Cli;

public sealed class ToolTests
{
    [Theory]
    [InlineData("frobnicate")]
    [InlineData("--frobnicate")]
    public void A_wrong_command_line_is_one_line_on_stderr_and_exit_code_2(string argument)
    {
        Captured run = Captured.Run(argument);
        Assert.Equal(ExitCode.WrongUsage, run.ExitCode);
        Assert.Empty(run.Out);
        Assert.StartsWith("secateur: error: ", run.Error);
        Assert.Contains(argument, run.Error);
        Assert.Equal(1, run.Error.Count(c => c == '\n'));
    }

    [Fact]
    public void Help_goes_to_stdout_and_names_the_exit_codes()
    {
        Captured run = Captured.Run("--help");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains(ExitCode.Explanation, run.Out);
        Assert.Empty(run.Error);
    }

    [Theory]
    [InlineData("SECATEUR_ISA", "999", "plans")]
    [InlineData("HF_ENDPOINT", "nowhere", "pull", "org/net")]
    public void An_environment_that_cannot_be_meant_is_wrong_usage_in_one_line(string variable, string value, params string[] args)
    {
        Captured run = Captured.RunProcess(new() { [variable] = value }, args);
        Assert.Equal(ExitCode.WrongUsage, run.ExitCode);
        Assert.Contains(variable, run.Error);
        Assert.Contains(value, run.Error);
        Assert.Equal(1, run.Error.Count(c => c == '\n'));
    }
}
