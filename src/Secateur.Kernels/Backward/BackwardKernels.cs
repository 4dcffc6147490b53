using Secateur.Kernels.Simd;

namespace Secateur.Kernels;

/// <summary>The way back: gradients of what <see cref="KernelSet"/> computes, with respect to activations, never to weights. A product's
/// gradient is a product with the weight turned round, which <see cref="KernelSet.Multiply"/> does. Thread-safe; results do not depend on
/// the number of threads.</summary>
public abstract class BackwardKernels
{
    /// <summary>Gradient of softmax: gradient_i = p_i (gradient_i - sum_j p_j gradient_j).</summary>
    /// <param name="probabilities">What softmax gave, [n].</param>
    /// <param name="gradient">With respect to the probabilities, [n]; replaced by that with respect to what entered.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public abstract void Softmax(ReadOnlySpan<float> probabilities, Span<float> gradient);

    /// <summary>Gradient of an activation: multiplied by its slope.</summary>
    /// <param name="threads">Who works.</param>
    /// <param name="activation">Which.</param>
    /// <param name="x">What entered it, [rows, columns].</param>
    /// <param name="gradient">With respect to what left it, [rows, columns]; replaced.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public abstract void Activate(Threads threads, Activation activation, Matrix x, Matrix gradient);

    /// <summary>Gradient of <see cref="KernelSet.SwiGlu"/>.</summary>
    /// <param name="threads">Who works.</param>
    /// <param name="x">What entered it, [rows, 2 * columns]: gates, then values.</param>
    /// <param name="gradient">With respect to what left it, [rows, columns].</param>
    /// <param name="result">With respect to <paramref name="x"/>, [rows, 2 * columns].</param>
    /// <exception cref="ArgumentException">The shapes do not fit together.</exception>
    public abstract void SwiGlu(Threads threads, Matrix x, Matrix gradient, Matrix result);

    /// <summary>Gradient of <see cref="KernelSet.LayerNorm"/>.</summary>
    /// <param name="threads">Who works.</param>
    /// <param name="x">What entered it, [rows, columns].</param>
    /// <param name="scale">[columns].</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="gradient">With respect to what left it, [rows, columns].</param>
    /// <param name="residual">Added to the result, [rows, columns]; null for nothing.</param>
    /// <param name="result">With respect to <paramref name="x"/>, [rows, columns]; may be <paramref name="gradient"/> or <paramref name="residual"/>.</param>
    /// <exception cref="ArgumentException">The shapes do not fit together.</exception>
    public abstract void LayerNorm(Threads threads, Matrix x, float[] scale, float epsilon, Matrix gradient, Matrix? residual, Matrix result);

    /// <summary>Gradient of <see cref="KernelSet.Attention"/>, every head computed and no bias; probabilities are computed again.</summary>
    /// <param name="threads">Who works.</param>
    /// <param name="qkv">Queries, keys and values, [rows, 3 * heads * headDim].</param>
    /// <param name="offsets">First row of each sequence, and the total at the end, [sequences + 1].</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="gradient">With respect to the output, [rows, heads * headDim].</param>
    /// <param name="result">With respect to <paramref name="qkv"/>, [rows, 3 * heads * headDim].</param>
    /// <param name="scratch">Working memory, used again from call to call; one for each concurrent call.</param>
    /// <exception cref="ArgumentException">The shapes do not fit together.</exception>
    public abstract void Attention(Threads threads, Matrix qkv, ReadOnlyMemory<int> offsets, int heads, Matrix gradient, Matrix result, AttentionScratch scratch);

    /// <summary>Inner products of columns, sequence by sequence: the gradient of a mask of ones multiplied into the columns.</summary>
    /// <param name="threads">Who works.</param>
    /// <param name="a">[rows, columns].</param>
    /// <param name="b">[rows, columns].</param>
    /// <param name="offsets">First row of each sequence, and the total at the end, [sequences + 1].</param>
    /// <param name="sums">Receives [sequences, columns].</param>
    /// <exception cref="ArgumentException">The shapes do not fit together.</exception>
    public abstract void ColumnProducts(Threads threads, Matrix a, Matrix b, ReadOnlyMemory<int> offsets, Matrix sums);
}

/// <summary>The operations of <see cref="BackwardKernels"/> on registers of type <typeparamref name="T"/>.</summary>
/// <typeparam name="T">The register.</typeparam>
internal sealed class BackwardKernels<T> : BackwardKernels
    where T : unmanaged, ISimd<T>
{
    public override unsafe void Softmax(ReadOnlySpan<float> probabilities, Span<float> gradient)
    {
        if (probabilities.Length != gradient.Length)
            throw new ArgumentException($"{probabilities.Length} probabilities have no gradient of {gradient.Length} floats.", nameof(gradient));
        fixed (float* p = probabilities, g = gradient)
            SoftmaxBackward<T>.Run(p, g, gradient.Length);
    }

    public override void Activate(Threads threads, Activation activation, Matrix x, Matrix gradient) => ActivateBackward<T>.Run(threads, activation, x, gradient);

    public override void SwiGlu(Threads threads, Matrix x, Matrix gradient, Matrix result) => SwiGluBackward<T>.Run(threads, x, gradient, result);

    public override void LayerNorm(Threads threads, Matrix x, float[] scale, float epsilon, Matrix gradient, Matrix? residual, Matrix result) =>
        LayerNormBackward<T>.Run(threads, x, scale, epsilon, gradient, residual, result);

    public override void Attention(Threads threads, Matrix qkv, ReadOnlyMemory<int> offsets, int heads, Matrix gradient, Matrix result, AttentionScratch scratch) =>
        AttentionBackward<T>.Run(threads, qkv, offsets, heads, gradient, result, scratch);

    public override void ColumnProducts(Threads threads, Matrix a, Matrix b, ReadOnlyMemory<int> offsets, Matrix sums) =>
        ColumnProducts<T>.Run(threads, a, b, offsets, sums);
}
