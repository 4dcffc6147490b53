using System.CommandLine;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Profiling;
using Secateur.Models.Checkpoints;
using Secateur.Models.Vit;

namespace Secateur.Cli.Commands.Planning;

/// <summary>What both ways to plan are told.</summary>
internal sealed class PlanningOptions
{
    readonly Argument<string> model = new("MODEL") { Description = "The network: a checkpoint folder, a .safetensors or .onnx file, a hub name that was pulled, or the bundled scenes-vit." };
    readonly Option<string?> profile = new("--profile") { Description = "What secateur profile measured. Default: measured now where it is needed.", HelpName = "FILE.json" };
    readonly Option<string?> images = new("--images")
    {
        Description = "Pictures to judge plans on: a folder (with labels.csv, class folders or without), a .tar, a list of files (.csv), or drawn scenes. Default for scenes-vit: scenes:256.",
        HelpName = "PATH|scenes[:COUNT]",
    };

    readonly Option<int?> batch = new("--batch", "-b") { Description = "Pictures in a run whose latency counts. Default: 1.", HelpName = "N" };
    readonly Option<int?> threads = CommonOptions.Threads();
    readonly Option<int> seed = new("--seed") { Description = "Draws candidates and orders the pictures. Default: 0.", HelpName = "N" };
    readonly Option<string> output = new("--output", "-o") { Description = "Where to write the plan. Default: plan.json.", HelpName = "FILE.json", DefaultValueFactory = _ => "plan.json" };
    readonly Option<bool> json = new("--json") { Description = "Write the answer as one JSON object." };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        CommonOptions.AtLeast(batch, 1);
        command.Add(model);
        foreach (Option option in (Option[])[profile, images, batch, threads, seed, output, json])
            command.Add(option);
    }

    /// <summary>Loads everything that was named.</summary>
    /// <param name="arguments">What was typed.</param>
    /// <param name="terminal">Told where the profile is of another device.</param>
    /// <exception cref="BadInputException">Something does not fit.</exception>
    public PlanningInput Load(ParseResult arguments, Terminal terminal)
    {
        VisionTransformer network = Network.Load(arguments.GetRequiredValue(model), arguments.GetValue(threads));
        int size = arguments.GetValue(batch) ?? 1;
        Network.RequireBatch(network, size);
        IPictureSet pictures = PlanPictures.Open(arguments.GetValue(images), network, terminal);
        string hash = WeightsHash.Of(network);
        LatencyProfile? measured = arguments.GetValue(profile) is { } path ? Profile(path, network, hash, size, terminal) : null;
        return new(network, hash, pictures, measured, size, arguments.GetValue(seed), arguments.GetRequiredValue(output), arguments.GetValue(json));
    }

    static LatencyProfile Profile(string path, VisionTransformer network, string hash, int batch, Terminal terminal)
    {
        LatencyProfile profile = LatencyProfileFile.Load(path);
        if (profile.WeightsHash != hash)
            throw new BadInputException($"{path} is a profile of {profile.Architecture} with the weights {profile.WeightsHash[..8]}..., and this is {network.Config.Architecture} with {hash[..8]}...; profile this network (secateur profile).");
        if ((profile.Depth, profile.PrefixTokens, profile.Patches) != (network.Depth, network.PrefixTokens, network.PatchTokens))
            throw new BadInputException($"{path} says that this network has {profile.Depth} blocks and {profile.PrefixTokens} + {profile.Patches} tokens, and it has {network.Depth} and {network.PrefixTokens} + {network.PatchTokens}; the file was changed, profile this network (secateur profile).");
        if (!profile.Finished)
            throw new BadInputException($"{path} is not finished; give the command that began it again, and it goes on.");
        if (!profile.Batches.Any(one => one.Batch == batch))
            throw new BadInputException($"{path} has batch {string.Join(", ", profile.Batches.Select(one => one.Batch))}, not {batch}; profile with --batch {batch}, or plan for another one.");
        if (DeviceFingerprint.OfThisMachine().Differences(profile.Device) is { Length: > 0 } differences)
            terminal.Say($"{path} was measured on another device ({differences}); its latencies may not hold here.");
        else if (profile.Threads != network.Threads.Count)
            terminal.Say($"{path} was measured with {profile.Threads} threads, and {network.Threads.Count} are used here; its latencies may not hold.");
        if (ProfileSummary.Busy(profile.At(batch)))
            terminal.Say($"{path} was measured while the machine was busy with other things; what it predicts is not sure. Profile again on a quiet one (secateur profile --force).");
        return profile;
    }
}

/// <summary>What a planner works with.</summary>
/// <param name="Network">The network.</param>
/// <param name="Weights">The hash of its weights.</param>
/// <param name="Pictures">What to judge on.</param>
/// <param name="Profile">Predicts latency; null where none was named.</param>
/// <param name="Batch">Pictures in a run.</param>
/// <param name="Seed">Draws candidates.</param>
/// <param name="Output">Where the plan goes.</param>
/// <param name="Json">Whether the answer is one JSON object.</param>
internal sealed record PlanningInput(
    VisionTransformer Network, string Weights, IPictureSet Pictures, LatencyProfile? Profile, int Batch, int Seed, string Output, bool Json)
{
    /// <summary>Seconds of timed runs for a profile that is measured on the way; secateur profile takes its time instead.</summary>
    const double Seconds = 30;

    /// <summary>The runtime in which plans are timed; null for this program's engine.</summary>
    public string? Runtime { get; init; }

    /// <summary>Threads in use.</summary>
    public int Threads => Network.Threads.Count;

    /// <summary>The same with a profile: the one that was named, or one that is measured now.</summary>
    /// <param name="terminal">Shown the progress.</param>
    /// <param name="cancellation">Stops it.</param>
    public PlanningInput Profiled(Terminal terminal, CancellationToken cancellation)
    {
        if (Profile is not null)
            return this;
        terminal.Say($"measuring latency against the number of tokens at batch {Batch}; secateur profile does it once and for all, to be given to --profile");
        using var line = new ProgressLine(terminal, "runs", 0);
        var profiler = new Profiler(new EngineLatency(Network), new ProfilerOptions { Batches = [Batch], Seconds = Seconds }, progress: new ProfilerLine(line));
        LatencyProfile profile = profiler.Run(cancellation: cancellation);
        line.Dispose();
        if (ProfileSummary.Busy(profile.At(Batch)))
            terminal.Say("the machine is busy with other things; what was measured is not sure. Plan again on a quiet one.");
        return this with { Profile = profile };
    }
}
