using System.Diagnostics;
using System.Globalization;
using Secateur.Kernels;

namespace Secateur.Benchmarks;

/// <summary>Attention at the shapes of DeiT-T, S and B, and the element-wise kernels, against the multiply-add peak of the same cores,
/// taking turns.</summary>
internal static class AttentionBench
{
    const int Tokens = 197;
    const int Dimension = 64;
    const double SliceSeconds = 0.0005;

    static readonly (string Name, int Heads)[] Networks = [("DeiT-T", 3), ("DeiT-S", 6), ("DeiT-B", 12)];

    /// <summary>Prints the tables. Arguments: <c>--threads 1,2 --batch 1,8 --turns 300 --only attention|elements</c>, and <c>--width</c> as
    /// for the matrix product.</summary>
    public static int Run(string[] args)
    {
        KernelSet kernels = Option("--width") is { } width ? KernelSet.Get(width) : KernelSet.Default;
        int turns = int.Parse(Option("--turns") ?? "300", CultureInfo.InvariantCulture);
        string only = Option("--only") ?? "";
        if (only != "elements")
        {
            Console.WriteLine("width network batch threads signals  GFLOP/s     peak  share   best");
            foreach (int threads in Numbers(Option("--threads") ?? "1,2"))
                foreach (int batch in Numbers(Option("--batch") ?? "1,8"))
                    foreach ((string name, int heads) in Networks)
                        foreach (AttentionRequest request in (AttentionRequest[])[AttentionRequest.None, AttentionRequest.Received])
                            Attention(kernels, threads, batch, name, heads, request, turns);
        }

        if (only != "attention")
        {
            // The unit is the time in which the peak loop does one multiply-add of a register: a cycle, or half of one where
            // a core has two pipes of that width.
            Console.WriteLine("width kernel       per register     best  per element");
            Elements(kernels, turns);
        }

        return 0;

        string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
    }

    static void Attention(KernelSet kernels, int threads, int batch, string name, int heads, AttentionRequest request, int turns)
    {
        using var pool = new Threads(threads);
        Matrix qkv = Matrix.Allocate(batch * Tokens, 3 * heads * Dimension), output = Matrix.Allocate(batch * Tokens, heads * Dimension);
        Fill(qkv, 2);
        int[] offsets = [.. Enumerable.Range(0, batch + 1).Select(i => i * Tokens)];
        var scratch = new AttentionScratch();
        AttentionSignals? signals = null;
        if (request != AttentionRequest.None)
        {
            signals = new AttentionSignals();
            signals.Prepare(request, offsets, heads);
        }

        double work = 4.0 * batch * heads * Tokens * Tokens * Dimension;
        Measured m = AgainstPeak(kernels, pool, work, turns, () => kernels.Attention(pool, qkv, offsets, heads, default, default, output, signals, scratch));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{kernels.Name,5} {name,7} {batch,5} {threads,7} {(request == AttentionRequest.None ? "none" : "sums"),7} {m.Rate / 1e9,8:F1} {m.Peak / 1e9,8:F1} {m.Share,6:P1} {m.Best,6:P1}"));
    }

    static void Elements(KernelSet kernels, int turns)
    {
        using var pool = new Threads(1);
        const int Rows = 12, Columns = 768;
        Matrix x = Matrix.Allocate(Rows, Columns), y = Matrix.Allocate(Rows, Columns);
        Fill(x, 3);
        float[] scale = new float[Columns], shift = new float[Columns], line = new float[2048], scores = new float[208];
        foreach (Activation activation in (Activation[])[Activation.Gelu, Activation.GeluTanh, Activation.GeluQuick, Activation.Silu])
            Report(activation.ToString(), line.Length, () => kernels.Activate(activation, line));
        Report("softmax row", scores.Length, () => kernels.Softmax(scores));
        Report("layer norm", Rows * Columns, () => kernels.LayerNorm(pool, x, scale, shift, 1e-6f, y));
        Report("SwiGLU", Rows * Columns / 2, () => kernels.SwiGlu(pool, x, y.SliceColumns(0, Columns / 2)));

        void Report(string kernel, int elements, Action action)
        {
            // A share is elements for one floating-point operation; a register of peak multiply-adds is 2 * lanes of those.
            Measured m = AgainstPeak(kernels, pool, elements, turns, action);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{kernels.Name,5} {kernel,-12} {1 / m.Share / 2,12:F1} {1 / m.Best / 2,8:F1} {1 / m.Share / 2 / kernels.Lanes,12:F2}"));
        }
    }

    /// <summary>Work a second and peak operations a second: the two take turns. The share is the median over the turns of what each
    /// pair of neighbours says; the rates are medians too, and the best share is the fastest turn against the fastest peak.</summary>
    static Measured AgainstPeak(KernelSet kernels, Threads pool, double work, int turns, Action action)
    {
        (Func<long, float> chains, int operations) = Chains(kernels);
        for (int i = 0; i < 3; i++)
            action();
        int repeats = (int)Math.Max(1, SliceSeconds / Time(action, 1));
        long rounds = 20_000;
        rounds = (long)Math.Max(200, rounds * SliceSeconds / Time(Peak, 1));
        var rates = new List<double>(turns);
        var peaks = new List<double>(turns);
        for (int turn = 0; turn < turns; turn++)
        {
            rates.Add(repeats * work / Time(action, repeats));
            peaks.Add(20.0 * pool.Count * (rounds / 20) * operations / Time(Peak, 1));
        }

        double share = Median([.. rates.Zip(peaks, (rate, peak) => rate / peak)]);
        return new Measured(Median(rates), Median(peaks), share, rates.Max() / peaks.Max());

        // Twenty tasks a thread, so that a disturbed core costs the peak what it costs the kernel.
        void Peak() => pool.For(20 * pool.Count, new ChainWork(chains, rounds / 20));
    }

    static (Func<long, float> Run, int Operations) Chains(KernelSet kernels) => kernels.Lanes switch
    {
        16 => (Kernels.Simd.MultiplyAddChains<Kernels.Simd.Simd512>.Run, Kernels.Simd.MultiplyAddChains<Kernels.Simd.Simd512>.OperationsARound),
        8 => (Kernels.Simd.MultiplyAddChains<Kernels.Simd.Simd256>.Run, Kernels.Simd.MultiplyAddChains<Kernels.Simd.Simd256>.OperationsARound),
        4 => (Kernels.Simd.MultiplyAddChains<Kernels.Simd.Simd128>.Run, Kernels.Simd.MultiplyAddChains<Kernels.Simd.Simd128>.OperationsARound),
        _ => (Kernels.Simd.MultiplyAddChains<Kernels.Simd.SimdScalar>.Run, Kernels.Simd.MultiplyAddChains<Kernels.Simd.SimdScalar>.OperationsARound),
    };

    static void Fill(Matrix matrix, float scale)
    {
        var random = new Random(1);
        for (int row = 0; row < matrix.Rows; row++)
            foreach (ref float value in matrix.Row(row))
                value = (random.NextSingle() - 0.5f) * scale;
    }

    static int[] Numbers(string text) => [.. text.Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture))];

    static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    static double Time(Action action, int repeats)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < repeats; i++)
            action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    readonly record struct Measured(double Rate, double Peak, double Share, double Best);

    readonly struct ChainWork(Func<long, float> chains, long rounds) : IWork
    {
        public void Run(int task, int worker) => chains(rounds);
    }
}
