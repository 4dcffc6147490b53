using System.Diagnostics;
using System.Globalization;
using Secateur.Benchmarks.Measuring;
using Secateur.Benchmarks.Networks;
using Secateur.Compression.Tokens;
using Secateur.Kernels;
using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Onnx.Export;

namespace Secateur.Benchmarks.Exports;

/// <summary>What pruning is worth elsewhere: our engine and ONNX Runtime, dense and pruned, the latter on the graph that was exported. In every
/// round each of the four has a turn; between turns everybody sleeps until the others' workers have parked.</summary>
internal static class ExportBench
{
    const double SliceSeconds = 0.15, Tolerance = 1e-3;
    // ONNX Runtime's worker stays awake 40 ms after a run.
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(60);

    /// <summary>Arguments: <c>--networks DeiT-T,DeiT-S,DeiT-B --batches 1,8 --methods zero-tprune --layers 4,8 --ratio 0.65 --threads 2 --starts 3 --rounds 9</c>.</summary>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        var options = new Options(arguments, "--networks", "--batches", "--methods", "--layers", "--ratio", "--threads", "--starts", "--rounds");
        DeitNetwork[] networks = [.. options.Words("--networks", [.. DeitNetwork.All.Select(network => network.Name)]).Select(DeitNetwork.Named)];
        TokenMethod[] methods = [.. options.Words("--methods", "zero-tprune").Select(TokenMethods.Get)];
        int[] layers = options.Numbers("--layers", 4, 8);
        (int starts, int rounds) = (options.Number("--starts", 3), options.Number("--rounds", 9));
        double ratio = double.Parse(options.Words("--ratio", "0.65")[0], CultureInfo.InvariantCulture);
        var others = new OtherPrograms();
        var cells = new List<ExportCell>();
        using var threads = new Threads(options.Number("--threads", 2));
        foreach (DeitNetwork network in networks)
            foreach (int batch in options.Numbers("--batches", 1, 8))
                foreach ((string name, Func<VisionTransformer, TokenPlan> plan) in Plans(methods, layers, ratio))
                {
                    cells.Add(Measure(network, batch, name, plan, threads, starts, rounds));
                    Console.Error.WriteLine(cells[^1].Row);
                }

        return ExportReport.Write(cells, others.Share());
    }

    /// <summary>The methods' own families, and Zero-TPrune with few layers: each costs a graph some fifty nodes, whatever the size of the network.</summary>
    static IEnumerable<(string Name, Func<VisionTransformer, TokenPlan> Plan)> Plans(TokenMethod[] methods, int[] layers, double ratio)
    {
        foreach (TokenMethod method in methods)
            yield return (method.Name, model => Weakest(model, ratio, strength => method.Family(model.Depth, model.PatchTokens, strength)));
        if (layers.Length > 0)
            yield return ($"zero-tprune after blocks {string.Join(" and ", layers)} alone", model => Weakest(model, ratio, strength => new(
                "few layers", [.. layers.Select(layer => new TokenStage(layer - 1, TokenPosition.AfterBlock, new ZeroTPrune(new() { Iterations = 5 })) { Keep = 1 - strength })])));
    }

    static ExportCell Measure(DeitNetwork network, int batch, string name, Func<VisionTransformer, TokenPlan> under, Threads threads, int starts, int rounds)
    {
        VisionTransformer model = network.Load(threads);
        TokenPlan plan = under(model);
        long whole = MacCounter.Count(model, TokenPlan.Dense).Total;
        float[] pictures = DeitNetwork.Pictures(model, batch), logits = new float[batch * model.Classes];
        string folder = Directory.CreateTempSubdirectory("secateur-export-").FullName;
        try
        {
            string ours = Path.Combine(folder, "dense.onnx"), exported = Path.Combine(folder, "pruned.onnx");
            OnnxModel dense = OnnxExport.Vision(model, null, new() { Batch = batch }), pruned = OnnxExport.Vision(model, plan, new() { Batch = batch });
            dense.Save(ours);
            pruned.Save(exported);
            var forms = new List<string>();
            double[][] times = [[], [], [], []];
            for (int start = 0; start < starts; start++)
            {
                // Where a process finds its memory decides up to a fifth of its time: several of them.
                using OnnxRuntimePeer onDense = new(), onPruned = new();
                forms.Add(LoadFastest(onDense, [("plain", network.Onnx("plain", batch)), ("fused", network.Onnx("fused", batch)), ("exported", ours)], batch, threads.Count));
                onPruned.Load(exported, batch, threads.Count);
                RequireAgreement(onDense, model, TokenPlan.Dense, network, batch);
                RequireAgreement(onPruned, model, plan, network, batch);
                double[][] more = TakeTurns(rounds, Slice(TokenPlan.Dense), onDense.Run, Slice(plan), onPruned.Run);
                times = [.. times.Zip(more, (before, now) => (double[])[.. before, .. now])];
            }

            return new(network.Name, batch, threads.Count, name, (double)MacCounter.Count(model, plan).Total / whole, string.Join(", ", forms.Distinct()), (dense.Nodes, pruned.Nodes), [.. times]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        Func<int, double[]> Slice(TokenPlan under) => runs =>
        {
            var times = new double[runs];
            for (int i = 0; i < runs; i++)
            {
                long start = Stopwatch.GetTimestamp();
                model.Run(pictures, batch, logits, under);
                times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }

            return times;
        };
    }

    /// <summary>The weakest of a family that is within a part of the multiply-adds, selection included.</summary>
    static TokenPlan Weakest(VisionTransformer model, double ratio, Func<double, TokenPlan> family)
    {
        double budget = ratio * MacCounter.Count(model, TokenPlan.Dense).Total, low = 0, high = 1;
        for (int i = 0; i < 20; i++)
        {
            double middle = (low + high) / 2;
            if (MacCounter.Count(model, family(middle)).Total <= budget)
                high = middle;
            else
                low = middle;
        }

        return family(high);
    }

    static double[][] TakeTurns(int rounds, params Func<int, double[]>[] slices)
    {
        for (int i = 0; i < slices.Length; i++)
            for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Turns.WarmUp;)
                slices[i](1);
        int[] runs = [.. slices.Select(slice => Math.Clamp((int)(1000 * SliceSeconds / slice(2).Min()), 1, 50))];
        double[][] times = [.. slices.Select(_ => new double[rounds])];
        for (int round = 0; round < rounds; round++)
            for (int i = 0; i < slices.Length; i++)
            {
                int which = (round + i) % slices.Length;
                Thread.Sleep(Pause);
                times[which][round] = Spread.MedianOf(slices[which](runs[which]));
            }

        return times;
    }

    static string LoadFastest(OnnxRuntimePeer peer, (string Form, string File)[] forms, int batch, int threads)
    {
        double[] times = new double[forms.Length];
        for (int i = 0; i < forms.Length; i++)
        {
            peer.Load(forms[i].File, batch, threads);
            peer.Run(2);
            times[i] = peer.Run(5).Min();
        }

        (string form, string file) = forms[Array.IndexOf(times, times.Min())];
        peer.Load(file, batch, threads);
        return form;
    }

    /// <summary>No timing of graphs that compute something else.</summary>
    static void RequireAgreement(OnnxRuntimePeer peer, VisionTransformer model, TokenPlan plan, DeitNetwork network, int batch)
    {
        string file = Path.Combine(network.Folder, "check.safetensors");
        using var check = SafetensorsFile.Open(file);
        var picture = new float[model.ImageLength];
        check.Read("images", picture);
        float[] ours = model.Run([.. Enumerable.Repeat(picture, batch).SelectMany(p => p)], batch, plan), theirs = peer.Check(file);
        for (int i = 0; i < ours.Length; i++)
            if (!(Math.Abs(ours[i] - theirs[i]) <= Tolerance))
                throw new InvalidOperationException($"{network.Name}, {plan.Name}: logit {i} is {ours[i]} here and {theirs[i]} by ONNX Runtime; graphs that disagree are not compared.");
    }
}
