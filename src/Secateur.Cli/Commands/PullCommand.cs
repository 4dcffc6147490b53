using System.CommandLine;
using System.Text.Json.Nodes;
using Secateur.Models.Hub;

namespace Secateur.Cli.Commands;

/// <summary>Downloads a network from a Hugging Face hub into the cache that all its tools share.</summary>
internal sealed class PullCommand : ToolCommand
{
    readonly Argument<string> repository = new("REPO") { Description = "A repository with safetensors weights (timm/deit_tiny_patch16_224.fb_in1k)." };
    readonly Option<string> revision = new("--revision", "-r")
    {
        Description = "A branch, a tag or a commit.",
        HelpName = "REVISION",
        DefaultValueFactory = _ => "main",
    };

    readonly Option<bool> json = new("--json") { Description = "One JSON object: repository, revision, folder, from_cache." };

    /// <summary>The command.</summary>
    public PullCommand()
        : base(
            "pull",
            "Downloads a network into the Hugging Face cache (HF_HOME, HF_ENDPOINT and HF_TOKEN are honoured); goes on where it was stopped, and verifies hashes. Prints the folder.",
            "secateur pull timm/deit_tiny_patch16_224.fb_in1k",
            "secateur pull facebook/dinov2-small --revision main")
    {
        Add(repository);
        Add(revision);
        Add(json);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string name = arguments.GetRequiredValue(repository), at = arguments.GetRequiredValue(revision);
        if (!HubCache.IsRepository(name))
            throw new UsageException($"'{name}' is no name of a repository; write one as timm/deit_tiny_patch16_224.fb_in1k.");
        if (!HubCache.IsRevision(at))
            throw new UsageException($"'{at}' is no branch, tag or commit.");
        HubOptions hub = Network.Hub();
        terminal.Say($"asking {hub.Endpoint.Host} for {name}");
        using var client = new HubClient(hub);
        using var progress = new DownloadProgress(terminal);
        HubSnapshot snapshot = client.PullAsync(name, at, progress, cancellation).GetAwaiter().GetResult();
        progress.Dispose();
        if (snapshot.FromCache)
            terminal.Say("the hub was not asked (offline, or it cannot be reached): this is what the cache has");
        terminal.Out.WriteLine(arguments.GetValue(json)
            ? new JsonObject { ["repository"] = name, ["revision"] = at, ["folder"] = snapshot.Folder, ["from_cache"] = snapshot.FromCache }.ToJsonString()
            : snapshot.Folder);
        return ExitCode.Done;
    }

    /// <summary>A progress line for each file.</summary>
    sealed class DownloadProgress(Terminal terminal) : IProgress<HubProgress>, IDisposable
    {
        const int Megabyte = 1_000_000;

        string? file;
        ProgressLine? line;

        public void Report(HubProgress value)
        {
            if (value.File != file)
            {
                Dispose();
                (file, line) = (value.File, new(terminal, $"MB of {value.File}", (int)(value.Total / Megabyte)));
            }

            line?.Report((int)(value.Done / Megabyte));
        }

        public void Dispose()
        {
            line?.Dispose();
            line = null;
        }
    }
}
