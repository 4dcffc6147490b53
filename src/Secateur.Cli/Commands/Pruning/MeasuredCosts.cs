using System.Collections.Immutable;
using Secateur.Compression.Structured;
using Secateur.Evaluation.Profiling;
using Secateur.Models;
using Secateur.Models.Checkpoints;
using Secateur.Models.Vit;

namespace Secateur.Cli.Commands.Pruning;

/// <summary>Milliseconds by heads and neurons on this machine, one sequence in a run: from a profile, or measured now.</summary>
internal static class MeasuredCosts
{
    /// <summary>Seconds of timed runs where no profile is named; secateur profile --widths takes its time instead.</summary>
    const double Seconds = 15;

    /// <summary>What heads and neurons cost.</summary>
    /// <param name="calibration">The network and the lengths of what it looks at.</param>
    /// <param name="profile">A file of secateur profile --widths; null to measure now.</param>
    /// <param name="terminal">Told what happens.</param>
    /// <param name="cancellation">Stops measuring.</param>
    /// <exception cref="BadInputException">The profile is of something else, or has no widths.</exception>
    public static StructureCosts Of(Calibration calibration, string? profile, Terminal terminal, CancellationToken cancellation)
    {
        Transformer network = calibration.Network;
        if (profile is not null)
            return Read(profile, network, terminal).Costs();
        terminal.Say($"measuring what blocks take with fewer heads and neurons{(network is VisionTransformer ? "; secateur profile --widths does it once and for all, to be given to --profile" : "")}");
        using var line = new ProgressLine(terminal, "runs", 0);
        EngineWidths source = network is VisionTransformer pictures ? new(pictures) : new(network, Math.Max(1, (int)Math.Round(calibration.Lengths.Average())));
        return new WidthProfiler(source, new() { Seconds = Seconds }, new ProfilerLine(line)).Run(1, cancellation).Costs();
    }

    static WidthLatency Read(string path, Transformer network, Terminal terminal)
    {
        if (network is not VisionTransformer)
            throw new BadInputException($"--profile {path}: profiles are of networks that look at pictures, and {network.Architecture} reads texts; leave --profile out, and what heads and neurons take is measured now.");
        LatencyProfile profile = LatencyProfileFile.Load(path);
        ImmutableArray<BlockShape> shapes = network.Blocks;
        if (profile.WeightsHash != WeightsHash.Of(network))
            throw new BadInputException($"{path} is of other weights ({profile.Architecture}, {profile.WeightsHash[..12]}); profile this network: secateur profile MODEL --widths.");
        if (profile.Batches.FirstOrDefault(one => one.Batch == 1)?.Widths is not { } widths)
            throw new BadInputException($"{path} does not say what fewer heads and neurons take at batch 1; add it: secateur profile MODEL --widths -o {path}");
        if (profile.Depth != shapes.Length)
            throw new BadInputException($"{path} is of {profile.Depth} blocks, and {network.Architecture} has {shapes.Length}; measure again: secateur profile MODEL --widths --force -o {path}");
        if (widths.Shapes.Any(shape => shape.Blocks.Any(block => shapes[block] != shape.Shape)))
            throw new BadInputException($"{path} has blocks of other shapes than its network; measure again: secateur profile MODEL --widths --force -o {path}");
        if (profile.Device.Differences(DeviceFingerprint.OfThisMachine()) is { Length: > 0 } other)
            terminal.Say($"{path} was measured on another device ({other}); the budget is one of that device");
        else if (profile.Threads != network.Threads.Count)
            terminal.Say($"{path} was measured with {profile.Threads} threads, not {network.Threads.Count}");
        return widths;
    }
}
