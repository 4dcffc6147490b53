using System.Diagnostics;
using System.Globalization;
using Secateur.Benchmarks.Measuring;
using Secateur.Compression.Structured;
using Secateur.Compression.Structured.Score.Optin;
using Secateur.Evaluation.Accuracy;
using Secateur.Evaluation.Structured;
using Secateur.Kernels;
using Secateur.Models;

namespace Secateur.Benchmarks.Structure;

/// <summary>How near the fast estimate of OPTIN's scores comes to the exact ones, and how much sooner it is there, by the number of directions.</summary>
internal static class StructureScoresBench
{
    /// <summary>Arguments: <c>--network scenes-vit --samples 16 --neurons 40 --probes 1,2,4,8,16 --seeds 2 --threads 2</c>; networks are those of
    /// <see cref="StructureSubject"/>. Exact scores are computed of all heads and of so many neurons of each block, and their time is scaled up to all
    /// neurons. Times are the processor's, over all threads, of the estimate as it is by default: heads exactly, neurons brought to their scale.</summary>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        var options = new Options(arguments, "--network", "--samples", "--neurons", "--probes", "--seeds", "--threads");
        string name = options.Words("--network", "scenes-vit")[0];
        using var pool = new Threads(options.Number("--threads", 2));
        if (StructureSubject.Open(name, pool, 1) is not { } subject)
            throw new ArgumentException($"{name} is not at hand.");
        Transformer network = subject.Network;
        Calibration calibration = CalibrationData.Of(network, subject.Calibration, options.Number("--samples", 16));
        int all = network.Blocks.Sum(block => block.Neurons);
        UnitSelection sample = UnitSelection.Sample(network, options.Number("--neurons", 40)), onlyHeads = new(static (_, _) => true, static (_, _) => false);
        new FastOptin().Score(CalibrationData.Of(network, subject.Calibration, 2)); // compiles what is timed
        UnitEffects? heads = null, neurons = null;
        double headTime = Time(() => heads = new ExactOptin().Measure(calibration, onlyHeads));
        double neuronTime = Time(() => neurons = new ExactOptin().Measure(calibration, sample with { Head = static (_, _) => false }));
        int sampled = neurons!.Neurons.Sum(block => block.Count(unit => unit is not null));
        var effects = new UnitEffects(heads!.Heads, neurons.Neurons);
        UnitScores scores = effects.Scores(new());
        double exact = headTime + (neuronTime * all / sampled);
        Console.WriteLine(Text($"{name}, {calibration.Lengths.Length} {subject.Calibration.What}: {network.Blocks.Sum(block => block.Heads)} heads exactly {headTime:f1} s, {sampled} neurons {neuronTime:f1} s; all units {exact:f0} s"));
        Console.WriteLine("| directions | neurons | all units | heads, estimated | time | exact / fast |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (int probes in options.Numbers("--probes", 1, 2, 4, 8, 16))
        {
            var near = new List<(double Neurons, double All, double Heads)>();
            double time = 0;
            int seeds = options.Number("--seeds", 2);
            for (int seed = 0; seed < seeds; seed++)
            {
                var usual = new FastOptinOptions { Probes = probes, AnswerProbes = probes, Seed = seed };
                UnitScores? fast = null;
                time += Time(() => fast = new FastOptin(usual).Score(calibration)) / seeds;
                UnitScores estimated = new FastOptin(usual with { ExactHeads = false }).Score(calibration);
                (double, double)[] own = Pairs(effects.Neurons, scores.Neurons, fast!.Neurons), others = Pairs(effects.Heads, scores.Heads, fast.Heads);
                near.Add((Agreement(own), Agreement([.. own, .. others]), Agreement(Pairs(effects.Heads, scores.Heads, estimated.Heads))));
            }

            Console.WriteLine($"| {probes} | {All(near.Select(one => one.Neurons))} | {All(near.Select(one => one.All))} | {All(near.Select(one => one.Heads))} | {Text($"{time:f1} s | {exact / time:f0}")} |");
        }

        return 0;
    }

    /// <summary>What was scored both ways.</summary>
    static (double Exact, double Fast)[] Pairs(UnitEffect?[][] known, float[][] exact, float[][] fast) =>
        [.. from block in Enumerable.Range(0, fast.Length) from unit in Enumerable.Range(0, fast[block].Length) where known[block][unit] is not null select ((double)exact[block][unit], (double)fast[block][unit])];

    static double Agreement((double Exact, double Fast)[] pairs) => Correlation.Spearman([.. pairs.Select(pair => pair.Exact)], [.. pairs.Select(pair => pair.Fast)]).Value;

    static string All(IEnumerable<double> numbers) => string.Join(", ", numbers.Select(number => Text($"{number:f3}")));

    static double Time(Action work)
    {
        using var process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        work();
        process.Refresh();
        return (process.TotalProcessorTime - before).TotalSeconds;
    }

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
