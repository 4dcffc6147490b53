using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Secateur.Kernels;

namespace Secateur.Benchmarks.Micro;

/// <summary>The element-wise kernels beside the same rules put together from System.Numerics.Tensors, one thread, data in the cache.</summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class ElementwiseBenchmarks : IDisposable
{
    const int Tokens = 197;
    const int Width = 384;

    readonly Threads pool = new(1);
    readonly KernelSet kernels = KernelSet.Default;
    readonly Matrix x = Matrix.Allocate(Tokens, Width);
    readonly Matrix y = Matrix.Allocate(Tokens, Width);
    readonly float[] scale = new float[Width];
    readonly float[] shift = new float[Width];
    readonly float[] hidden = new float[4 * Width];
    readonly float[] logits = new float[Tokens];
    readonly float[] result = new float[4 * Width];

    public ElementwiseBenchmarks()
    {
        var random = new Random(1);
        for (int i = 0; i < Tokens; i++)
            Fill(x.Row(i));
        Fill(scale);
        Fill(shift);
        Fill(hidden);
        Fill(logits);

        void Fill(Span<float> span)
        {
            foreach (ref float value in span)
                value = (4 * random.NextSingle()) - 2;
        }
    }

    [Benchmark(Baseline = true)]
    [BenchmarkCategory("layer norm [197, 384]")]
    public void LayerNormTensors()
    {
        for (int i = 0; i < Tokens; i++)
        {
            Span<float> from = x.Row(i), to = y.Row(i);
            TensorPrimitives.Subtract(from, TensorPrimitives.Sum<float>(from) / Width, to);
            float factor = 1 / MathF.Sqrt((TensorPrimitives.SumOfSquares<float>(to) / Width) + 1e-6f);
            TensorPrimitives.Multiply(to, factor, to);
            TensorPrimitives.MultiplyAdd(to, scale, shift, to);
        }
    }

    [Benchmark]
    [BenchmarkCategory("layer norm [197, 384]")]
    public void LayerNorm() => kernels.LayerNorm(pool, x, scale, shift, 1e-6f, y);

    /// <summary>The maximum is subtracted first: not every version of TensorPrimitives.SoftMax does so.</summary>
    [Benchmark(Baseline = true)]
    [BenchmarkCategory("softmax [197]")]
    public void SoftmaxTensors()
    {
        Span<float> to = result.AsSpan(0, Tokens);
        TensorPrimitives.Subtract(logits, TensorPrimitives.Max<float>(logits), to);
        TensorPrimitives.Exp(to, to);
        TensorPrimitives.Divide(to, TensorPrimitives.Sum<float>(to), to);
    }

    [Benchmark]
    [BenchmarkCategory("softmax [197]")]
    public void Softmax()
    {
        logits.CopyTo(result, 0);
        kernels.Softmax(result.AsSpan(0, Tokens));
    }

    [Benchmark(Baseline = true)]
    [BenchmarkCategory("GELU, tanh [1536]")]
    public void GeluTanhTensors()
    {
        TensorPrimitives.Multiply(hidden, hidden, result);
        TensorPrimitives.Multiply(result, hidden, result);
        TensorPrimitives.MultiplyAdd(result, 0.044715f, hidden, result);
        TensorPrimitives.Multiply(result, MathF.Sqrt(2 / MathF.PI), result);
        TensorPrimitives.Tanh(result, result);
        TensorPrimitives.AddMultiply(result, 1f, hidden, result);
        TensorPrimitives.Multiply(result, 0.5f, result);
    }

    [Benchmark]
    [BenchmarkCategory("GELU, tanh [1536]")]
    public void GeluTanh()
    {
        hidden.CopyTo(result, 0);
        kernels.Activate(Activation.GeluTanh, result);
    }

    [Benchmark(Baseline = true)]
    [BenchmarkCategory("SiLU [1536]")]
    public void SiluTensors()
    {
        TensorPrimitives.Sigmoid(hidden, result);
        TensorPrimitives.Multiply(result, hidden, result);
    }

    [Benchmark]
    [BenchmarkCategory("SiLU [1536]")]
    public void Silu()
    {
        hidden.CopyTo(result, 0);
        kernels.Activate(Activation.Silu, result);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        pool.Dispose();
        GC.SuppressFinalize(this);
    }
}
