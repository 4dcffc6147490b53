using Secateur.Kernels.Simd;

namespace Secateur.Kernels;

/// <summary>Every operation of a network, compiled for one register width. Thread-safe; results do not depend on the number of threads.</summary>
public abstract class KernelSet
{
    /// <summary>All widths, widest first: the list that the choice, the tests and the benchmarks read.</summary>
    static readonly KernelSet[] All = [new KernelSet<Simd512>(), new KernelSet<Simd256>(), new KernelSet<Simd128>(), new KernelSet<SimdScalar>()];

    /// <summary>The widths this machine runs, widest first; "scalar" is always there.</summary>
    public static IReadOnlyList<KernelSet> Supported { get; } = [.. All.Where(set => set.IsSupported)];

    /// <summary>The widest supported set, or the one that the environment variable <c>SECATEUR_ISA</c> names (512, 256, 128, scalar).</summary>
    /// <exception cref="PlatformNotSupportedException"><c>SECATEUR_ISA</c> names a width that is unknown or that this machine does not run.</exception>
    public static KernelSet Default { get; } = Environment.GetEnvironmentVariable("SECATEUR_ISA") is { Length: > 0 } name ? Get(name) : Supported[0];

    /// <summary>"512", "256", "128" or "scalar".</summary>
    public abstract string Name { get; }

    /// <summary>Floats in a register.</summary>
    public abstract int Lanes { get; }

    /// <summary>Whether this machine runs this width.</summary>
    public abstract bool IsSupported { get; }

    /// <summary>The set of this name.</summary>
    /// <exception cref="PlatformNotSupportedException">The name is unknown or this machine does not run it.</exception>
    public static KernelSet Get(string name) =>
        Supported.FirstOrDefault(set => set.Name == name)
        ?? throw new PlatformNotSupportedException($"There is no register width '{name}' here; choose one of {string.Join(", ", Supported.Select(set => set.Name))} (SECATEUR_ISA).");

    /// <summary>Packs a weight for <see cref="Multiply"/>.</summary>
    /// <param name="weight">[outputs, inputs] row-major, as checkpoints keep it.</param>
    /// <param name="outputs">Columns of the product.</param>
    /// <param name="inputs">Length of the inner sums.</param>
    /// <returns>The packed weight.</returns>
    public abstract PackedMatrix Pack(ReadOnlySpan<float> weight, int outputs, int inputs);

    /// <summary>y = epilogue(x w^T). Each sum is one multiply-add chain in the order of the inputs, so that every width and every number of threads gives the same bits.</summary>
    /// <param name="threads">Who works.</param>
    /// <param name="x">[rows, inputs].</param>
    /// <param name="weight">[outputs, inputs], packed by this set.</param>
    /// <param name="y">[rows, outputs]; must not overlap <paramref name="x"/>.</param>
    /// <param name="epilogue">Bias, activation, scale, residual.</param>
    /// <exception cref="ArgumentException">The shapes do not fit together, or the weight was packed for another width.</exception>
    public abstract void Multiply(Threads threads, Matrix x, PackedMatrix weight, Matrix y, in Epilogue epilogue);

    /// <summary>Each row to mean 0 and variance 1 (biased), then scaled and shifted.</summary>
    /// <param name="threads">Who works.</param>
    /// <param name="x">[rows, columns].</param>
    /// <param name="scale">[columns].</param>
    /// <param name="shift">[columns].</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="y">[rows, columns]; may be <paramref name="x"/>.</param>
    public abstract void LayerNorm(Threads threads, Matrix x, float[] scale, float[] shift, float epsilon, Matrix y);

    /// <summary>silu(left half of each row) * right half: the gate of a SwiGLU MLP.</summary>
    /// <param name="threads">Who works.</param>
    /// <param name="x">[rows, 2 * columns]: gates, then values.</param>
    /// <param name="y">[rows, columns].</param>
    public abstract void SwiGlu(Threads threads, Matrix x, Matrix y);

    /// <summary>Multi-head attention of each sequence alone: softmax(q k^T * scale + log size of the key) v.</summary>
    /// <param name="threads">Who works.</param>
    /// <param name="qkv">[rows, 3 * heads * headDim]: queries, keys, values, each head after head.</param>
    /// <param name="offsets">First row of each sequence, and the total at the end, [sequences + 1].</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="active">Which heads are computed, [sequences * heads], sequence after sequence; the others yield zeros. Empty for all.</param>
    /// <param name="keyBias">Added to every logit of a key (the log of token sizes), [rows]; null for none.</param>
    /// <param name="output">[rows, heads * headDim].</param>
    /// <param name="signals">Prepared for these sequences, or null when nothing is asked.</param>
    /// <param name="scratch">Working memory, used again from call to call; one for each concurrent call.</param>
    public abstract void Attention(
        Threads threads, Matrix qkv, ReadOnlyMemory<int> offsets, int heads, ReadOnlyMemory<bool> active, ReadOnlyMemory<float> keyBias, Matrix output, AttentionSignals? signals, AttentionScratch scratch);

    /// <summary>Softmax of one row, the maximum subtracted first.</summary>
    /// <param name="x">[n], replaced by probabilities.</param>
    public abstract void Softmax(Span<float> x);

    /// <summary>An activation on its own, in place.</summary>
    /// <param name="activation">Which.</param>
    /// <param name="x">[n].</param>
    public abstract void Activate(Activation activation, Span<float> x);

    /// <summary>sum = weights[0] * row 0 + weights[1] * row 1 + ...: a vector times a matrix, every sum one multiply-add chain in row order.</summary>
    /// <param name="rows">[weights, columns], one row every <paramref name="stride"/> floats.</param>
    /// <param name="stride">Floats from one row's start to the next one's.</param>
    /// <param name="weights">One a row.</param>
    /// <param name="sum">[columns]; must overlap neither of the others.</param>
    /// <exception cref="ArgumentException"><paramref name="rows"/> is too short.</exception>
    public abstract void SumRows(ReadOnlySpan<float> rows, int stride, ReadOnlySpan<float> weights, Span<float> sum);

    /// <summary>The gradients of these operations.</summary>
    public abstract BackwardKernels Backward { get; }
}

/// <summary>The operations of <see cref="KernelSet"/> on registers of type <typeparamref name="T"/>.</summary>
/// <typeparam name="T">The register.</typeparam>
internal sealed class KernelSet<T> : KernelSet
    where T : unmanaged, ISimd<T>
{
    public override string Name => T.Name;

    public override int Lanes => T.Count;

    public override bool IsSupported => T.IsSupported;

    public override BackwardKernels Backward { get; } = new BackwardKernels<T>();

    public override PackedMatrix Pack(ReadOnlySpan<float> weight, int outputs, int inputs) => new(weight, outputs, inputs, Gemm<T>.PanelWidth);

    public override void Multiply(Threads threads, Matrix x, PackedMatrix weight, Matrix y, in Epilogue epilogue) =>
        Gemm<T>.Multiply(threads, x, weight, y, epilogue);

    public override void LayerNorm(Threads threads, Matrix x, float[] scale, float[] shift, float epsilon, Matrix y) =>
        LayerNorm<T>.Run(threads, x, scale, shift, epsilon, y);

    public override void SwiGlu(Threads threads, Matrix x, Matrix y) => SwiGlu<T>.Run(threads, x, y);

    public override void Attention(
        Threads threads, Matrix qkv, ReadOnlyMemory<int> offsets, int heads, ReadOnlyMemory<bool> active, ReadOnlyMemory<float> keyBias, Matrix output, AttentionSignals? signals, AttentionScratch scratch) =>
        Attention<T>.Run(threads, qkv, offsets, heads, active, keyBias, output, signals, scratch);

    public override unsafe void Softmax(Span<float> x)
    {
        fixed (float* p = x)
            Softmax<T>.Run(p, x.Length);
    }

    public override unsafe void Activate(Activation activation, Span<float> x)
    {
        fixed (float* p = x)
            Activate<T>.Run(activation, p, x.Length);
    }

    public override unsafe void SumRows(ReadOnlySpan<float> rows, int stride, ReadOnlySpan<float> weights, Span<float> sum)
    {
        if (stride < 0 || (weights.Length > 0 && ((long)(weights.Length - 1) * stride) + sum.Length > rows.Length))
            throw new ArgumentException($"{rows.Length} floats do not hold {weights.Length} rows of {sum.Length}, one every {stride}.", nameof(rows));
        fixed (float* r = rows, w = weights, s = sum)
            SumRows<T>.Run(r, weights.Length, stride, sum.Length, w, s);
    }
}
