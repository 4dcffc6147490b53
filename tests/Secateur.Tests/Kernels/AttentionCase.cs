using Secateur.Kernels;

namespace Secateur.Tests.Kernels;

/// <summary>One call of attention on seeded values with NaN around every row, and its plain twin in double precision.</summary>
internal sealed class AttentionCase
{
    public const AttentionRequest Everything =
        AttentionRequest.ClassRow | AttentionRequest.Received | AttentionRequest.Full | AttentionRequest.HeadStatistics;

    readonly KernelSet kernels;
    readonly Matrix qkv;
    readonly int heads, dimension;
    readonly AttentionScratch scratch = new();

    public AttentionCase(KernelSet kernels, int[] lengths, int heads, int dimension, bool biased, float scale = 1.5f)
    {
        (this.kernels, this.heads, this.dimension) = (kernels, heads, dimension);
        Offsets = [0, .. lengths.Select((_, i) => lengths[..(i + 1)].Sum())];
        int rows = Offsets[^1], columns = 3 * heads * dimension;
        float[] values = KernelSets.Values(rows * columns, (rows * 31) + dimension, scale);
        qkv = KernelSets.Poisoned(rows, columns, columns + 5, (i, j) => values[(i * columns) + j]);
        Output = KernelSets.Poisoned(rows, heads * dimension, (heads * dimension) + 3, (_, _) => 0);
        Bias = biased ? KernelSets.Values(rows, rows, 2) : [];
    }

    public int[] Offsets { get; }

    public float[] Bias { get; }

    /// <summary>Which heads of the sequences are computed; empty for all.</summary>
    public bool[] Active { get; init; } = [];

    public Matrix Output { get; }

    public AttentionSignals Signals { get; } = new();

    public void Run(AttentionRequest request, int threads)
    {
        using var pool = new Threads(threads);
        Run(request, pool);
    }

    public void Run(AttentionRequest request, Threads threads)
    {
        Signals.Prepare(request, Offsets, heads);
        kernels.Attention(threads, qkv, Offsets, heads, Active, Bias, Output, request == AttentionRequest.None ? null : Signals, scratch);
    }

    /// <summary>One sequence of an unbiased case on its own.</summary>
    public AttentionCase Alone(int sequence)
    {
        var alone = new AttentionCase(kernels, [Offsets[sequence + 1] - Offsets[sequence]], heads, dimension, false);
        for (int i = 0; i < alone.qkv.Rows; i++)
            qkv.Row(Offsets[sequence] + i).CopyTo(alone.qkv.Row(i));
        return alone;
    }

    /// <summary>Every bit that the call wrote.</summary>
    public int[] Bits()
    {
        var bits = new List<float>();
        for (int i = 0; i < Output.Rows; i++)
            bits.AddRange(Output.Row(i));
        for (int s = 0; s + 1 < Offsets.Length; s++)
            for (int h = 0; h < heads; h++)
            {
                bits.AddRange(Signals.ClassRow(s, h));
                bits.AddRange(Signals.Received(s, h));
                bits.Add(Signals.OutputMagnitude(s, h));
                bits.Add(Signals.Entropy(s, h));
                for (int i = 0; i < Signals.Full(s, h).Rows; i++)
                    bits.AddRange(Signals.Full(s, h).Row(i));
            }

        return [.. bits.Select(BitConverter.SingleToInt32Bits)];
    }

    /// <summary>Holds output and signals against the definition. A logit of size L is a sum of rounded products: its error of about
    /// L * 1e-6 is the relative error of every probability.</summary>
    public void AssertNearTwin()
    {
        for (int s = 0; s + 1 < Offsets.Length; s++)
            for (int h = 0; h < heads; h++)
                AssertNearTwin(s, h);
    }

    void AssertNearTwin(int s, int h)
    {
        int n = Offsets[s + 1] - Offsets[s], width = heads * dimension;
        double magnitude = 0, entropy = 0;
        var received = new double[n];
        for (int i = 0; i < n; i++)
        {
            var p = new double[n];
            for (int j = 0; j < n; j++)
            {
                for (int c = 0; c < dimension; c++)
                    p[j] += (double)Query(i)[c] * Key(j)[c];
                p[j] = (p[j] / Math.Sqrt(dimension)) + (Bias.Length == 0 ? 0 : Bias[Offsets[s] + j]);
            }

            double most = p.Max(), sum = 0;
            for (int j = 0; j < n; j++)
                sum += p[j] = Math.Exp(p[j] - most);
            for (int j = 0; j < n; j++)
            {
                p[j] /= sum;
                received[j] += p[j];
                entropy -= p[j] > 0 ? p[j] * Math.Log(p[j]) / n : 0;
                Near(p[j], Signals.Full(s, h).Row(i)[j], 1e-7, 1e-5, "probability");
            }

            for (int c = 0; c < dimension; c++)
            {
                double expected = 0;
                for (int j = 0; j < n; j++)
                    expected += p[j] * Value(j)[c];
                magnitude += Math.Abs(expected);
                Near(expected, Output.Row(Offsets[s] + i)[(h * dimension) + c], 1e-5, 0, "output");
            }
        }

        for (int j = 0; j < n; j++)
            Near(received[j], Signals.Received(s, h)[j], 1e-6, 1e-5, "received");
        Near(magnitude, Signals.OutputMagnitude(s, h), 1e-5, 1e-4, "magnitude");
        Near(entropy, Signals.Entropy(s, h), 1e-5, 1e-5, "entropy");

        ReadOnlySpan<float> Query(int i) => qkv.Row(Offsets[s] + i).Slice(h * dimension, dimension);
        ReadOnlySpan<float> Key(int i) => qkv.Row(Offsets[s] + i).Slice(width + (h * dimension), dimension);
        ReadOnlySpan<float> Value(int i) => qkv.Row(Offsets[s] + i).Slice((2 * width) + (h * dimension), dimension);
        void Near(double expected, float actual, double absolute, double relative, string what)
        {
            if (!(Math.Abs(actual - expected) <= absolute + (relative * Math.Abs(expected))))
                Assert.Fail($"{what} of {n} tokens, head dimension {dimension}, on {kernels.Name}: {actual:r}, not {expected:r}");
        }
    }
}
