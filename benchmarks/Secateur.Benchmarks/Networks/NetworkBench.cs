using System.Diagnostics;
using Secateur.Benchmarks.Measuring;
using Secateur.Kernels;
using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Benchmarks.Networks;

/// <summary>Whole dense networks beside ONNX Runtime. In every round ONNX Runtime, our engine and the multiply-add loop each have a turn;
/// between turns everybody sleeps until the other's workers have parked.</summary>
internal static class NetworkBench
{
    const double SliceSeconds = 0.15;
    const double Tolerance = 1e-3;
    // ONNX Runtime's worker stays awake 40 ms after a run.
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(60);

    /// <summary>Arguments: <c>--networks DeiT-T,DeiT-S,DeiT-B --batches 1,8 --threads 2 --rounds 9 --seconds 24</c>.</summary>
    /// <returns>A cell for each combination.</returns>
    public static IReadOnlyList<NetworkCell> Run(ReadOnlySpan<string> arguments)
    {
        var options = new Options(arguments, "--networks", "--batches", "--threads", "--rounds", "--seconds");
        DeitNetwork[] networks = [.. options.Words("--networks", [.. DeitNetwork.All.Select(network => network.Name)]).Select(DeitNetwork.Named)];
        List<NetworkCell> cells = [];
        Console.WriteLine("network  batch threads   ONNX Runtime ms                 Secateur ms                     ONNX Runtime / Secateur    share of peak (theirs)  form");
        foreach (int threads in options.Numbers("--threads", 2))
        {
            foreach (DeitNetwork network in networks)
                foreach (int batch in options.Numbers("--batches", 1, 8))
                {
                    NetworkCell cell = Measure(network, batch, threads, options.Number("--rounds", 9), options.Number("--seconds", 24));
                    cells.Add(cell);
                    Console.WriteLine(
                        $"{cell.Network,-8} {cell.Batch,5} {cell.Threads,7}   {cell.OnnxRuntime.Text("F1"),-30}  {cell.Secateur.Text("F1"),-30}  {cell.Gain.Text("F2"),-22}    {cell.Share.Median,6:0.0%} ({cell.OnnxShare.Median:0.0%})        {cell.OnnxForm}");
                }

            Console.WriteLine($"geometric mean of the gains on {threads} threads: {NetworkReport.GeometricMean(cells.Where(cell => cell.Threads == threads)):F3}");
        }

        return cells;
    }

    static NetworkCell Measure(DeitNetwork network, int batch, int threads, int minimumRounds, double budget)
    {
        using var pool = new Threads(threads);
        VisionTransformer model = network.Load(pool);
        var peak = new MultiplyAddPeak(KernelSet.Default, pool);
        float[] pictures = DeitNetwork.Pictures(model, batch), logits = new float[batch * model.Classes];
        using var peer = new OnnxRuntimePeer();
        string form = LoadFaster(peer, network, batch, threads);
        RequireAgreement(peer, model, network, batch);

        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Turns.WarmUp;)
            model.Run(pictures, batch, logits);
        double ours = Spread.MedianOf(OurSlice(2)), theirs = Spread.MedianOf(peer.Run(2));
        int ourRuns = RunsInSlice(ours), theirRuns = RunsInSlice(theirs);
        double round = ((ours * ourRuns) + (theirs * theirRuns)) / 1000 + SliceSeconds;
        int rounds = Math.Max(Math.Min(minimumRounds, 7), Math.Min(4 * minimumRounds, (int)(budget / round)));

        List<double> ourTimes = [], theirTimes = [], peaks = [];
        for (int i = 0; i < rounds; i++)
        {
            // Who goes first changes, so that a drift of the machine favours nobody.
            if (i % 2 == 0)
                theirTimes.Add(TheirTurn());
            ourTimes.Add(OurTurn());
            if (i % 2 == 1)
                theirTimes.Add(TheirTurn());
            peaks.Add(peak.Measure(SliceSeconds));
        }

        double gigaMacs = batch * MacCounter.Count(model, TokenPlan.Dense).Total / 1e9;
        return new(
            network.Name, batch, threads, form, rounds, Spread.Of(theirTimes), Spread.Of(ourTimes), Spread.Of(theirTimes.Zip(ourTimes, (t, o) => t / o)), gigaMacs,
            Spread.Of(theirTimes.Zip(peaks, Share)), Spread.Of(ourTimes.Zip(peaks, Share)), Spread.Of(peaks));

        double Share(double milliseconds, double peak) => 2 * gigaMacs / (milliseconds / 1000) / peak;

        double OurTurn()
        {
            Thread.Sleep(Pause);
            return Spread.MedianOf(OurSlice(ourRuns));
        }

        double TheirTurn()
        {
            Thread.Sleep(Pause);
            double median = Spread.MedianOf(peer.Run(theirRuns));
            Thread.Sleep(Pause);
            return median;
        }

        double[] OurSlice(int runs)
        {
            var times = new double[runs];
            for (int i = 0; i < runs; i++)
            {
                long start = Stopwatch.GetTimestamp();
                model.Run(pictures, batch, logits);
                times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }

            return times;
        }
    }

    static int RunsInSlice(double milliseconds) => Math.Clamp((int)(1000 * SliceSeconds / milliseconds), 1, 50);

    /// <summary>Lets ONNX Runtime choose the file that suits it, and leaves it loaded.</summary>
    static string LoadFaster(OnnxRuntimePeer peer, DeitNetwork network, int batch, int threads)
    {
        (double Time, string Form) best = (double.PositiveInfinity, "");
        foreach (string form in new[] { "plain", "fused" })
        {
            peer.Load(network.Onnx(form, batch), batch, threads);
            peer.Run(1);
            double[] times = peer.Run(3);
            best = times.Min() < best.Time ? (times.Min(), form) : best;
        }

        if (best.Form == "plain")
            peer.Load(network.Onnx(best.Form, batch), batch, threads);
        return best.Form;
    }

    /// <summary>No timing of engines that compute different things.</summary>
    static void RequireAgreement(OnnxRuntimePeer peer, VisionTransformer model, DeitNetwork network, int batch)
    {
        string file = Path.Combine(network.Folder, "check.safetensors");
        using var check = SafetensorsFile.Open(file);
        float[] picture = new float[model.ImageLength], expected = new float[model.Classes];
        check.Read("images", picture);
        check.Read("logits", expected);
        float[] ours = model.Run([.. Enumerable.Repeat(picture, batch).SelectMany(p => p)], batch), theirs = peer.Check(file);
        for (int i = 0; i < ours.Length; i++)
        {
            double wanted = expected[i % expected.Length];
            if (!(Math.Abs(ours[i] - wanted) <= Tolerance) || !(Math.Abs(theirs[i] - wanted) <= Tolerance))
                throw new InvalidOperationException($"{network.Name}: logit {i} is {wanted} by PyTorch, {ours[i]} here and {theirs[i]} by ONNX Runtime; engines that disagree are not compared.");
        }
    }
}
