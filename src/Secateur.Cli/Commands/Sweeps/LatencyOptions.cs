using System.Collections.Immutable;
using System.CommandLine;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Profiling;
using Secateur.Evaluation.Sweeps;
using Secateur.Evaluation.Timing;
using Secateur.Models.Vit;

namespace Secateur.Cli.Commands.Sweeps;

/// <summary>Times the cells of a sweep in turn with the dense network, on this machine alone.</summary>
internal sealed class LatencyOptions
{
    const int Batches = 8;

    readonly Option<bool> latency = new("--latency") { Description = "Then time every cell in turn with the dense network. Never for a part of the work: times of several machines are not one measurement." };
    readonly Option<int?> rounds = new("--rounds") { Description = "Timed rounds of a cell. Default: 100.", HelpName = "N" };

    readonly Option<int?> batch = new("--latency-batch") { Description = "Pictures in a timed run. Default: 1.", HelpName = "N" };

    /// <summary>The options.</summary>
    public LatencyOptions()
    {
        CommonOptions.AtLeast(rounds, PlanTiming.FewestRounds);
        CommonOptions.AtLeast(batch, 1);
    }

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [latency, rounds, batch];

    /// <summary>Whether it is asked for.</summary>
    public bool Asked(ParseResult arguments) => arguments.GetValue(latency);

    /// <summary>Refuses to time a part of the work.</summary>
    /// <exception cref="UsageException">It is asked for, and the work is divided.</exception>
    public void RequireWhole(ParseResult arguments, Shard shard)
    {
        if (Asked(arguments) && !shard.IsWhole)
            throw new UsageException("--latency times all cells on one machine, one after another, so that they can be compared; leave it out here, and after secateur merge give the command without --shard and with --latency on the machine that counts.");
    }

    /// <summary>Times the cells that were not timed on this machine yet.</summary>
    /// <exception cref="OperationCanceledException">It was stopped; cells that were timed to the end stay.</exception>
    public void Measure(
        ParseResult arguments, VisionTransformer network, PictureSet pictures, ResultsManifest manifest, ImmutableArray<SweepCell> cells, ResultsFolder folder, Terminal terminal, CancellationToken cancellation)
    {
        string device = DeviceFingerprint.OfThisMachine().Hash;
        int size = arguments.GetValue(batch) ?? 1;
        Network.RequireBatch(network, size);
        SweepCell[] left = Asked(arguments) ? [.. cells.Where(cell => !cell.IsDense && !Timed(cell))] : [];
        if (left.Length == 0)
            return;
        var options = new TimingOptions();
        options = options with { Rounds = arguments.GetValue(rounds) ?? options.Rounds };
        var timer = new PlanTimer(network, new FirstPictures(pictures, Batches * size), size, options);
        using var line = new ProgressLine(terminal, "timed rounds", left.Length * options.Rounds);
        for (int i = 0; i < left.Length; i++)
        {
            PlanTiming timing = timer.Measure(left[i].Plan, new After(line, i * options.Rounds), cancellation);
            cancellation.ThrowIfCancellationRequested();
            PlanTimingFile.Save(timing, folder.Latency(left[i].Name));
        }

        bool Timed(SweepCell cell) =>
            File.Exists(folder.Latency(cell.Name)) && PlanTimingFile.Load(folder.Latency(cell.Name)) is var timing
            && timing.Device.Hash == device && timing.Weights == manifest.Weights && timing.Threads == network.Threads.Count && timing.Batch == size;
    }

    /// <summary>Counts on after cells that are done.</summary>
    sealed class After(ProgressLine line, int before) : IProgress<TimingProgress>
    {
        public void Report(TimingProgress value) => line.Report(before + value.Done);
    }
}
