using System.Diagnostics;
using System.Globalization;
using Secateur.Kernels;

namespace Secateur.Benchmarks;

/// <summary>One line of the matrix product's benchmark.</summary>
/// <param name="Width">Register width, as in <see cref="KernelSet.Name"/>.</param>
/// <param name="Threads">Threads at work.</param>
/// <param name="Rows">Rows of the activations.</param>
/// <param name="Inputs">Length of the inner sums.</param>
/// <param name="Outputs">Columns of the product.</param>
/// <param name="Epilogue">What follows the product.</param>
/// <param name="GigaFlops">Median of the product, 10^9 operations a second (a multiply-add is two).</param>
/// <param name="PeakGigaFlops">Median of the multiply-add loop that took turns with it on the same threads.</param>
internal sealed record GemmRow(string Width, int Threads, int Rows, int Inputs, int Outputs, string Epilogue, double GigaFlops, double PeakGigaFlops)
{
    /// <summary>The product's share of the peak.</summary>
    public double Share => GigaFlops / PeakGigaFlops;
}

/// <summary>The matrix product at the shapes of DeiT-T, S and B against the multiply-add peak of the same cores, taking turns.</summary>
internal static class GemmBench
{
    const double SliceSeconds = 0.004;

    internal static readonly (int Inputs, int Outputs)[] Layers =
    [
        (192, 576), (192, 192), (192, 768), (768, 192),
        (384, 1152), (384, 384), (384, 1536), (1536, 384),
        (768, 2304), (768, 768), (768, 3072), (3072, 768),
    ];

    /// <summary>Prints the table. Arguments: <c>--rows 197,1576 --threads 1,2 --width 512 --turns 30 --epilogue none|bias|gelu|residual --shape 192x576</c>.</summary>
    public static int Run(string[] args)
    {
        KernelSet kernels = Option("--width") is { } width ? KernelSet.Get(width) : KernelSet.Default;
        int turns = int.Parse(Option("--turns") ?? "30", CultureInfo.InvariantCulture);
        string epilogue = Option("--epilogue") ?? "none";
        (int Inputs, int Outputs)[] layers = Option("--shape")?.Split(',').Select(shape => Numbers(shape, 'x')).Select(n => (n[0], n[1])).ToArray() ?? Layers;
        Console.WriteLine("width threads  rows     k     n epilogue  GFLOP/s     peak  share");
        foreach (int threads in Numbers(Option("--threads") ?? "1,2", ','))
            foreach (int rows in Numbers(Option("--rows") ?? "197,1576", ','))
                foreach ((int inputs, int outputs) in layers)
                {
                    GemmRow row = Measure(kernels, threads, rows, inputs, outputs, epilogue, turns);
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{row.Width,6} {row.Threads,6} {row.Rows,5} {row.Inputs,5} {row.Outputs,5} {row.Epilogue,8} {row.GigaFlops,8:F1} {row.PeakGigaFlops,8:F1} {row.Share,6:P1}"));
                }

        return 0;

        string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
    }

    /// <summary>One row: product and peak take turns, the median of each is kept.</summary>
    public static GemmRow Measure(KernelSet kernels, int threads, int rows, int inputs, int outputs, string epilogue, int turns)
    {
        ArgumentNullException.ThrowIfNull(kernels);
        using var pool = new Threads(threads);
        var random = new Random(1);
        float[] values = [.. Enumerable.Range(0, inputs * outputs).Select(_ => (random.NextSingle() - 0.5f) / MathF.Sqrt(inputs))];
        PackedMatrix weight = kernels.Pack(values, outputs, inputs);
        Matrix x = Matrix.Allocate(rows, inputs), y = Matrix.Allocate(rows, outputs);
        for (int row = 0; row < rows; row++)
            foreach (ref float value in x.Row(row))
                value = random.NextSingle() - 0.5f;
        float[] vector = [.. Enumerable.Range(0, outputs).Select(_ => random.NextSingle())];
        Epilogue after = epilogue switch
        {
            "none" => default,
            "bias" => new Epilogue { Bias = vector },
            "gelu" => new Epilogue { Bias = vector, Activation = Activation.Gelu },
            "residual" => new Epilogue { Bias = vector, Residual = y },
            _ => throw new ArgumentException($"There is no epilogue '{epilogue}'; choose none, bias, gelu or residual.", nameof(epilogue)),
        };
        double work = 2.0 * rows * inputs * outputs;
        var peak = new MultiplyAddPeak(kernels, pool);
        int repeats = 1;
        Product();
        repeats = (int)Math.Max(1, SliceSeconds / Math.Min(Product(), Product()));
        var products = new List<double>(turns);
        var peaks = new List<double>(turns);
        for (int turn = 0; turn < turns; turn++)
        {
            products.Add(repeats * work / Product() / 1e9);
            peaks.Add(peak.Measure(SliceSeconds));
        }

        return new GemmRow(kernels.Name, threads, rows, inputs, outputs, epilogue, Median(products), Median(peaks));

        double Product()
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < repeats; i++)
                kernels.Multiply(pool, x, weight, y, after);
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }

    static int[] Numbers(string text, char separator) => [.. text.Split(separator).Select(n => int.Parse(n, CultureInfo.InvariantCulture))];

    static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
