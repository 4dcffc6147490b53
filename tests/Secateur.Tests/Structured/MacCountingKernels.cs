using Secateur.Kernels;

namespace Secateur.Tests.Structured;

/// <summary>The usual kernels, which count the multiply-adds of the matrix products and of attention that are really asked of them.</summary>
internal sealed class MacCountingKernels : KernelSet
{
    public long Macs { get; private set; }

    public override string Name => Default.Name;

    public override int Lanes => Default.Lanes;

    public override bool IsSupported => Default.IsSupported;

    public override BackwardKernels Backward => Default.Backward;

    public override PackedMatrix Pack(ReadOnlySpan<float> weight, int outputs, int inputs) => Default.Pack(weight, outputs, inputs);

    public override void Multiply(Threads threads, Matrix x, PackedMatrix weight, Matrix y, in Epilogue epilogue)
    {
        Macs += (long)x.Rows * weight.Inputs * weight.Outputs;
        Default.Multiply(threads, x, weight, y, epilogue);
    }

    public override void LayerNorm(Threads threads, Matrix x, float[] scale, float[] shift, float epsilon, Matrix y) =>
        Default.LayerNorm(threads, x, scale, shift, epsilon, y);

    public override void SwiGlu(Threads threads, Matrix x, Matrix y) => Default.SwiGlu(threads, x, y);

    public override void Attention(
        Threads threads, Matrix qkv, ReadOnlyMemory<int> offsets, int heads, ReadOnlyMemory<bool> active, ReadOnlyMemory<float> keyBias, Matrix output, AttentionSignals? signals, AttentionScratch scratch)
    {
        for (int s = 1; s < offsets.Length; s++)
            Macs += 2 * (long)(offsets.Span[s] - offsets.Span[s - 1]) * (offsets.Span[s] - offsets.Span[s - 1]) * output.Columns;
        Default.Attention(threads, qkv, offsets, heads, active, keyBias, output, signals, scratch);
    }

    public override void Softmax(Span<float> x) => Default.Softmax(x);

    public override void Activate(Activation activation, Span<float> x) => Default.Activate(activation, x);

    public override void SumRows(ReadOnlySpan<float> rows, int stride, ReadOnlySpan<float> weights, Span<float> sum) => Default.SumRows(rows, stride, weights, sum);
}
