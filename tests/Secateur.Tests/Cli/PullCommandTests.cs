using Secateur.Cli;
using Secateur.Tests.Hub;

namespace Secateur.Tests.Cli;

/// <summary>The command as a process of its own: the server's address and the cache's folder are in its environment.</summary>
public sealed class PullCommandTests : IDisposable
{
    const string Repository = "org/net";

    readonly TemporaryFolder folder = new();
    readonly HubServer server = new();

    [Fact]
    public void A_pulled_network_is_found_by_its_name()
    {
        foreach (string file in (string[])["config.json", "model.safetensors"])
            server.Files[file] = File.ReadAllBytes(Path.Combine(Network.Bundled, "scenes-vit", file));

        Captured before = Run("plans", "--model", Repository);
        Assert.Equal(ExitCode.BadInput, before.ExitCode);
        Assert.Contains($"secateur pull {Repository}", before.Error);

        Captured pull = Run("pull", Repository);
        Assert.Equal("", pull.ExitCode == ExitCode.Done ? "" : pull.Error);
        Assert.True(File.Exists(Path.Combine(pull.Out.Trim(), "model.safetensors")), pull.Out);

        Captured after = Run("plans", "--model", Repository);
        Assert.Equal(ExitCode.Done, after.ExitCode);
        Assert.Contains("zero-tprune", after.Out);
    }

    [Fact]
    public void A_repository_that_is_not_there_is_one_line_and_exit_code_3()
    {
        server.Refusal = System.Net.HttpStatusCode.NotFound;
        Captured run = Run("pull", Repository);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains(Repository, run.Error);
        Assert.Single(run.Error.Split('\n'), line => line.StartsWith("secateur: error: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("../somewhere")]
    [InlineData("a/b/c")]
    public void A_name_that_is_none_is_wrong_usage(string name) => Assert.Equal(ExitCode.WrongUsage, Run("pull", name).ExitCode);

    public void Dispose()
    {
        server.Dispose();
        folder.Dispose();
    }

    Captured Run(params string[] arguments) => Captured.RunProcess(
        new()
        {
            ["HF_ENDPOINT"] = server.Endpoint.AbsoluteUri,
            ["HF_HOME"] = folder.Path,
            ["HF_HUB_CACHE"] = null,
            ["HUGGINGFACE_HUB_CACHE"] = null,
            ["HF_HUB_OFFLINE"] = null,
            ["HF_TOKEN"] = null,
        },
        arguments);
}
