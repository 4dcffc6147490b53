using System.Diagnostics;
using System.Globalization;
using Secateur.Benchmarks.Measuring;
using Secateur.Benchmarks.Networks;
using Secateur.Compression.Structured;
using Secateur.Compression.Structured.Score.Optin;
using Secateur.Evaluation.Accuracy;
using Secateur.Evaluation.Datasets;
using Secateur.Kernels;
using Secateur.Models;
using Secateur.Models.Vit;

namespace Secateur.Benchmarks.Structure;

/// <summary>How near the fast estimate of OPTIN's scores comes to the exact ones, and how much sooner it is there, by the number of directions.</summary>
internal static class StructureScoresBench
{
    /// <summary>Arguments: <c>--network scenes --pictures 16 --neurons 40 --probes 1,2,4,8,16 --threads 2</c>; <c>scenes</c> is the bundled network on drawn
    /// scenes, other names are those of <see cref="DeitNetwork"/>, on noise. Exact scores are computed of all heads and of so many neurons of each block,
    /// 0 for none, and their time is scaled up to all neurons. Times are the processor's, over all threads.</summary>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        var options = new Options(arguments, "--network", "--pictures", "--neurons", "--probes", "--threads");
        using var pool = new Threads(options.Number("--threads", 2));
        Calibration calibration = Open(options.Words("--network", "scenes")[0], options.Number("--pictures", 16), pool);
        Transformer network = calibration.Network;
        int sampled = options.Number("--neurons", 40), all = network.Blocks.Sum(block => block.Neurons);
        UnitSelection sample = UnitSelection.Sample(network, sampled), onlyHeads = new(static (_, _) => true, static (_, _) => false);
        UnitEffects? heads = null, effects = null;
        double headTime = Time(() => heads = new ExactOptin().Measure(calibration, onlyHeads));
        double neuronTime = sampled == 0 ? 0 : Time(() => effects = new ExactOptin().Measure(calibration, sample with { Head = static (_, _) => false }));
        UnitScores scores = new UnitEffects(heads!.Heads, effects?.Neurons ?? [.. network.Blocks.Select(block => new UnitEffect?[block.Neurons])]).Scores(new());
        double exact = headTime + (sampled == 0 ? 0 : neuronTime * all / effects!.Neurons.Sum(block => block.Count(unit => unit is not null)));
        Console.WriteLine(Text($"{network.Architecture}, {calibration.Lengths.Length} pictures: {network.Blocks.Sum(block => block.Heads)} heads exactly {headTime:f1} s, all units {exact:f0} s"));
        Console.WriteLine("| directions | neurons | heads | time, heads exact | exact / fast | neurons' part |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (int probes in options.Numbers("--probes", 1, 2, 4, 8, 16))
        {
            UnitScores? fast = null;
            double time = Time(() => fast = new FastOptin(new() { Probes = probes, AnswerProbes = probes, ExactHeads = false }).Score(calibration));
            double[] near = [Agreement(effects?.Neurons, scores.Neurons, fast!.Neurons), Agreement(heads!.Heads, scores.Heads, fast.Heads)];
            Console.WriteLine(Text($"| {probes} | {near[0]:f3} | {near[1]:f3} | {time + headTime:f1} s | {exact / (time + headTime):f0} | {time:f1} s |"));
        }

        return 0;
    }

    static Calibration Open(string name, int pictures, Threads threads)
    {
        if (name != "scenes")
        {
            VisionTransformer deit = DeitNetwork.Named(name).Load(threads);
            return new(deit, [new(deit.Embed(DeitNetwork.Pictures(deit, pictures), pictures), [])]);
        }

        VisionTransformer network = VisionTransformer.Load(Path.Combine(Repository.Root, "models", "scenes-vit"), new() { Threads = threads });
        var scenes = new SceneSet(SceneGenerator.FirstHeldOutSeed, pictures, network.Config.Preprocessing);
        var input = new float[pictures * network.ImageLength];
        for (int i = 0; i < pictures; i++)
            scenes.Read(i, input.AsSpan(i * network.ImageLength, network.ImageLength));
        return new(network, [new(network.Embed(input, pictures), [])]);
    }

    /// <summary>Spearman's correlation of what was scored both ways.</summary>
    static double Agreement(UnitEffect?[][]? exact, float[][] scores, float[][] fast)
    {
        var pairs = new List<(double, double)>();
        for (int block = 0; block < fast.Length; block++)
            for (int unit = 0; unit < fast[block].Length; unit++)
                if (exact?[block][unit] is not null)
                    pairs.Add((scores[block][unit], fast[block][unit]));
        return pairs.Count == 0 ? double.NaN : Correlation.Spearman([.. pairs.Select(pair => pair.Item1)], [.. pairs.Select(pair => pair.Item2)]).Value;
    }

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
