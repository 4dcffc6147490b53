using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Secateur.Benchmarks.Measuring;
using Secateur.Compression.Structured;
using Secateur.Evaluation.Profiling;
using Secateur.Evaluation.Structured;
using Secateur.Evaluation.Timing;
using Secateur.Kernels;
using Secateur.Models;
using Secateur.Models.Vit;

namespace Secateur.Benchmarks.Structure;

/// <summary>Heads and neurons taken out by every scorer, allocator and corrector at the same ratios of multiply-adds. Scores are made once a network;
/// every cell is kept as soon as it is known, so that a run that was stopped goes on.</summary>
internal sealed class StructureBench
{
    /// <summary>The allocator whose budget is measured time, not multiply-adds.</summary>
    const string Timed = "latency-aware";

    /// <summary>Seconds of measuring what heads and neurons take.</summary>
    const double ProfileSeconds = 15;

    const string NoCorrector = "none", Exact = "optin";

    readonly double[] ratios;
    readonly string[] scorers, allocators, correctors;
    readonly int images, rounds;
    readonly double widest;

    StructureBench(Options options)
    {
        ratios = [.. options.Words("--ratios", "0.9", "0.8", "0.7", "0.6", "0.5").Select(ratio => double.Parse(ratio, CultureInfo.InvariantCulture))];
        scorers = options.Words("--scorers", [.. StructuredMethods.Scorers.Select(method => method.Name)]);
        allocators = options.Words("--allocators", [.. StructuredMethods.Allocators.Select(method => method.Name)]);
        correctors = options.Words("--correctors", [.. StructuredMethods.Correctors.Select(method => method.Name)]);
        (images, rounds) = (options.Number("--images", 400), options.Number("--rounds", 15));
        widest = double.Parse(options.Words("--widest", "Infinity")[0], CultureInfo.InvariantCulture);
    }

    /// <summary>Arguments: <c>--networks scenes-vit,... --scorers --allocators --correctors --ratios 0.9,... --images 400 --rounds 15 --widest 0.15 --threads 2
    /// --fresh 1</c>. Without rounds nothing is timed; times with a wider interval are taken again.</summary>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        var options = new Options(arguments, "--networks", "--scorers", "--allocators", "--correctors", "--ratios", "--images", "--rounds", "--widest", "--threads", "--fresh");
        var bench = new StructureBench(options);
        using var threads = new Threads(options.Number("--threads", 2));
        foreach (string name in options.Words("--networks", [.. StructureSubject.Names]))
        {
            if (StructureSubject.Open(name, threads, bench.images) is not { } subject)
            {
                Console.Error.WriteLine($"{name} is not at hand, and left out.");
                continue;
            }

            StructureResults results = StructureResults.Open(subject.Name, fresh: options.Number("--fresh", 0) == 1);
            bench.Measure(subject, results);
            StructureReport.Write();
        }

        return 0;
    }

    void Measure(StructureSubject subject, StructureResults results)
    {
        Calibration calibration = CalibrationData.Of(subject.Network, subject.Calibration, subject.Samples);
        Calibration corrected = subject.Corrected < subject.Samples ? CalibrationData.Of(subject.Network, subject.Calibration, subject.Corrected) : calibration;
        StructureCosts macs = CalibrationData.Macs(calibration);
        var times = new Lazy<StructureCosts>(() => Times(calibration, results));
        int[] which = [.. Enumerable.Range(0, subject.Test.Count)];
        NetworkSize size = Size(subject, subject.Network);
        NetworkComparison dense = NetworkComparison.Measure(subject.Network, subject.Network, subject.Test, which);
        results.Begin(subject, dense, calibration, timed: rounds > 0);
        if (corrected != calibration)
            results.Note($"Correctors saw {subject.Corrected} of these only.");
        if (!subject.Exact)
            results.Note($"`{Exact}` is left out: it is a run for each of {subject.Network.Blocks.Sum(block => block.Neurons):N0} neurons.");
        foreach (StructuredMethod<IScorer> scorer in StructuredMethods.Scorers.Where(method => scorers.Contains(method.Name)))
        {
            if (scorer.Name == Exact && !subject.Exact)
                continue;
            (string Allocator, string Corrector, double Ratio)[] wanted = [.. from allocator in allocators
                                                                              from corrector in correctors
                                                                              from ratio in ratios
                                                                              where !Known(results.Find(StructureCell.Name(scorer.Name, allocator, corrector, ratio)))
                                                                              select (allocator, corrector, ratio)];
            if (wanted.Length == 0)
                continue;
            long start = Stopwatch.GetTimestamp();
            UnitScores scores = scorer.Create().Score(calibration);
            if (rounds > 0)
                results.Scored(scorer.Name, Stopwatch.GetElapsedTime(start).TotalSeconds);
            Console.Error.WriteLine($"{subject.Name}: {scorer.Name} scored in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");
            foreach ((string allocator, string corrector, double ratio) in wanted)
                results.Add((Alike(results, scorer.Name, allocator, corrector, ratio) ?? Cell(subject, corrected, allocator == Timed ? times.Value : macs, size, which, scorer, scores, allocator, corrector, ratio))
                    .Steadier(results.Find(StructureCell.Name(scorer.Name, allocator, corrector, ratio))));
            results.Save();
        }

        results.Save();
    }

    /// <summary>Whether nothing is to be measured of a cell any more.</summary>
    bool Known(StructureCell? cell) => cell is not null && (cell.Corrector != NoCorrector || rounds == 0 || (cell.Speedup is { } speedup && speedup.High - speedup.Low <= widest));

    /// <summary>The same share of every block is of no score, and rearranging forgets which units were chosen: what one scorer has then, all have.</summary>
    static StructureCell? Alike(StructureResults results, string scorer, string allocator, string corrector, double ratio) =>
        (allocator, corrector) is ("uniform", "rearrange" or "kwon")
            ? StructuredMethods.Scorers.Select(other => results.Find(StructureCell.Name(other.Name, allocator, corrector, ratio))).FirstOrDefault(cell => cell is not null) is { } known ? known with { Scorer = scorer } : null
            : null;

    StructureCell Cell(
        StructureSubject subject, Calibration calibration, StructureCosts costs, NetworkSize dense, int[] which, StructuredMethod<IScorer> scorer, UnitScores scores, string allocator, string corrector, double ratio)
    {
        PrunedNetwork pruned = StructuredPruning.Prune(calibration, new()
        {
            Scorer = scorer.Create(),
            Scores = scores,
            Allocator = StructuredMethods.Allocators.Single(method => method.Name == allocator).Create(),
            Corrector = StructuredMethods.Correctors.Single(method => method.Name == corrector).Create(),
            Costs = costs,
            Part = ratio,
        });
        NetworkSize smaller = Size(subject, pruned.Network);
        NetworkComparison answers = NetworkComparison.Measure(subject.Network, pruned.Network, subject.Test, which);
        NetworkTiming? timing = corrector == NoCorrector && rounds > 0 ? Time(subject, pruned.Network) : null;
        var cell = StructureCell.Of(scorer.Name, allocator, corrector, ratio, smaller.Macs / dense.Macs, (double)smaller.Parameters / dense.Parameters, answers, timing);
        Console.Error.WriteLine($"  {cell.Key}: {cell.Text}{(timing is null ? "" : $", {timing.Speedup.Value:0.00}x")}");
        return cell;
    }

    /// <summary>What heads and neurons of one sequence take here: measured once, so that every scorer has the same budget.</summary>
    StructureCosts Times(Calibration calibration, StructureResults results)
    {
        if (results.Widths is null)
        {
            if (rounds == 0)
                throw new InvalidOperationException($"What heads and neurons take was not measured yet; {Timed} needs a run with --rounds above 0 first.");
            EngineWidths source = calibration.Network is VisionTransformer pictures ? new(pictures) : new(calibration.Network, (int)Math.Round(calibration.Lengths.Average()));
            results.Widths = new WidthProfiler(source, new() { Seconds = ProfileSeconds }).Run(1);
        }

        return results.Widths.Costs();
    }

    static NetworkSize Size(StructureSubject subject, Transformer network) =>
        NetworkSize.Of(network, subject.Calibration, [.. CalibrationData.Spread(subject.Calibration.Count, subject.Corrected)]);

    NetworkTiming Time(StructureSubject subject, Transformer pruned)
    {
        ImmutableArray<ExampleBatch> single = [.. CalibrationData.Spread(subject.Calibration.Count, 4).Select(i => subject.Calibration.Read([i]))];
        return NetworkTimer.Measure(subject.Network, pruned, single, new() { Rounds = rounds, WarmUp = 3, WarmUpTime = TimeSpan.FromSeconds(0.1) });
    }
}
