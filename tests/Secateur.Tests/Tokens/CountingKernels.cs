using Secateur.Kernels;

namespace Secateur.Tests.Tokens;

/// <summary>The usual kernels, which count the multiply-adds of the one product that token methods ask for.</summary>
internal sealed class CountingKernels : KernelSet
{
    long macs;

    public long Macs => Interlocked.Read(ref macs);

    public override string Name => Default.Name;

    public override int Lanes => Default.Lanes;

    public override bool IsSupported => Default.IsSupported;

    public override BackwardKernels Backward => throw NotForMethods();

    public override PackedMatrix Pack(ReadOnlySpan<float> weight, int outputs, int inputs) => throw NotForMethods();

    public override void Multiply(Threads threads, Matrix x, PackedMatrix weight, Matrix y, in Epilogue epilogue) => throw NotForMethods();

    public override void LayerNorm(Threads threads, Matrix x, float[] scale, float[] shift, float epsilon, Matrix y) => throw NotForMethods();

    public override void SwiGlu(Threads threads, Matrix x, Matrix y) => throw NotForMethods();

    public override void Attention(
        Threads threads, Matrix qkv, ReadOnlyMemory<int> offsets, int heads, ReadOnlyMemory<bool> active, ReadOnlyMemory<float> keyBias, Matrix output, AttentionSignals? signals, AttentionScratch scratch) =>
        throw NotForMethods();

    public override void Softmax(Span<float> x) => throw NotForMethods();

    public override void Activate(Activation activation, Span<float> x) => throw NotForMethods();

    public override void SumRows(ReadOnlySpan<float> rows, int stride, ReadOnlySpan<float> weights, Span<float> sum)
    {
        Interlocked.Add(ref macs, (long)weights.Length * sum.Length);
        Default.SumRows(rows, stride, weights, sum);
    }

    static NotSupportedException NotForMethods() => new("No token method uses this.");
}
