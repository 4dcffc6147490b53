using System.Collections.Immutable;
using Secateur.Evaluation.Structured;
using Secateur.Evaluation.Timing;
using Secateur.Models;

namespace Secateur.Cli.Commands.Pruning;

/// <summary>Looks at a pruned network beside the dense one: counts, answers, times.</summary>
internal sealed class PruneLook
{
    /// <summary>Examples that are counted and timed, one in a run.</summary>
    const int Few = 8;

    readonly Transformer dense, pruned;
    readonly IExamples? calibrate, check;
    readonly int samples;
    readonly Terminal terminal;
    readonly CancellationToken cancellation;
    readonly IExamples any;

    /// <summary>Reads what is timed.</summary>
    /// <param name="dense">Before.</param>
    /// <param name="pruned">Afterwards.</param>
    /// <param name="calibrate">What the search looked at; null where there was none.</param>
    /// <param name="samples">How many of them.</param>
    /// <param name="check">What nobody looked at yet; null where nothing is named.</param>
    /// <param name="terminal">Shown the progress.</param>
    /// <param name="cancellation">Stops it.</param>
    public PruneLook(Transformer dense, Transformer pruned, IExamples? calibrate, int samples, IExamples? check, Terminal terminal, CancellationToken cancellation)
    {
        (this.dense, this.pruned, this.calibrate, this.check, this.terminal, this.cancellation) = (dense, pruned, calibrate, check, terminal, cancellation);
        any = calibrate ?? check ?? PruneData.Nothing(dense);
        this.samples = Math.Min(samples, any.Count);
        Single = [.. CalibrationData.Spread(any.Count, Few).Select(i => any.Read([i])).Where(one => one.Count > 0)];
        if (Single.IsEmpty)
            throw new InvalidDataException($"{any.Name}: none of the {any.What} that were looked at can be read.");
    }

    /// <summary>Some examples, each alone.</summary>
    public ImmutableArray<ExampleBatch> Single { get; }

    /// <summary>Looks.</summary>
    /// <param name="choice">What was cut.</param>
    /// <param name="rounds">Timed rounds; null for none.</param>
    /// <param name="files">What was written; null for nothing.</param>
    public PruneResult Run(PruneChoice choice, int? rounds, PrunedFiles? files) => new()
    {
        Dense = dense,
        Pruned = pruned,
        Plan = choice.Plan,
        How = choice.How,
        Goal = choice.Goal,
        Calibration = choice.Calibration,
        Seconds = choice.Seconds,
        Answers = [.. Answers()],
        Check = new(Size(dense), Size(pruned), rounds is { } times ? Time(times) : null),
        Bytes = files is null ? null : (files.SourceBytes, files.PrunedBytes),
        Folder = files?.Folder,
    };

    NetworkSize Size(Transformer network) => NetworkSize.Of(network, any, [.. CalibrationData.Spread(any.Count, samples)], cancellation);

    NetworkTiming Time(int rounds)
    {
        using var line = new ProgressLine(terminal, "rounds", rounds);
        return NetworkTimer.Measure(dense, pruned, Single, new() { Rounds = rounds }, new TimedRounds(line), cancellation);
    }

    IEnumerable<(string Data, NetworkComparison Answers)> Answers()
    {
        foreach ((string what, IExamples? examples, int count) in new[] { ("calibration", calibrate, samples), ("check", check, check?.Count ?? 0) })
        {
            if (examples is null)
                continue;
            using var line = new ProgressLine(terminal, examples.What, count);
            NetworkComparison answers = NetworkComparison.Measure(dense, pruned, examples, [.. CalibrationData.Spread(examples.Count, count)], line, cancellation);
            yield return ($"{what}: {(count == examples.Count ? "" : $"{count} of ")}{examples.Name}", answers);
        }
    }
}
