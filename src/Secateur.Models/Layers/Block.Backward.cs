using Secateur.Kernels;

namespace Secateur.Models.Layers;

/// <content>The way back.</content>
internal sealed partial class Block
{
    /// <summary>Computes a block as <see cref="RunAttention"/> and <see cref="RunMlp"/> do, and keeps everything.</summary>
    public void Look(Engine engine, BlockActivations seen)
    {
        seen.NormFirst = normFirst;
        Matrix x = seen.Input, sum = seen.MiddleSum, middle = seen.Middle;
        qkv.Run(engine, LookNormed(engine, normFirst, norm1, x, seen.Normed), seen.QueryKeyValue);
        if (Heads > 0)
            engine.Kernels.Attention(engine.Threads, seen.QueryKeyValue, seen.OffsetsMemory, Heads, default, default, seen.HeadOutputs, null, seen.Scratch);
        projection.Run(engine, seen.HeadOutputs, normFirst ? middle : sum, scale: attentionScale, residual: x);
        if (!normFirst)
            norm1.Run(engine, sum, middle);
        fc1.Run(engine, LookNormed(engine, normFirst, norm2, middle, seen.Normed), seen.Hidden);
        if (gated)
            engine.Kernels.SwiGlu(engine.Threads, seen.Hidden, seen.Neurons);
        else
            engine.Threads.For(x.Rows, new ActivateRow(engine.Kernels, activation, seen.Hidden, seen.Neurons));
        fc2.Run(engine, seen.Neurons, normFirst ? seen.Output : seen.OutputSum, scale: mlpScale, residual: middle);
        if (!normFirst)
            norm2.Run(engine, seen.OutputSum, seen.Output);
    }

    /// <summary>From the gradient of what leaves the block to that of what enters it, and to those of masks.</summary>
    /// <param name="engine">Who computes.</param>
    /// <param name="seen">What <see cref="Look"/> kept.</param>
    /// <param name="gradient">[rows, width].</param>
    /// <param name="result">[rows, width]; may be <paramref name="gradient"/>; or null.</param>
    /// <param name="heads">[sequences, heads], or null.</param>
    /// <param name="neurons">[sequences, neurons], or null.</param>
    public void Backward(Engine engine, BlockActivations seen, Matrix gradient, Matrix? result, Matrix? heads, Matrix? neurons)
    {
        BackwardKernels back = engine.Kernels.Backward;
        Matrix half = seen.Half, normed = seen.Normed, wide = seen.NeuronGradients, hidden = gated ? seen.HiddenGradients : wide;

        // The MLP. Post-norm: through the norm first.
        Matrix after = gradient;
        if (!normFirst)
        {
            norm2.RunBack(engine, seen.OutputSum, gradient, null, half);
            after = half;
        }

        fc2.RunBack(engine, after, wide, scale: mlpScale);
        if (neurons is { } neuronSums)
            back.ColumnProducts(engine.Threads, seen.Neurons, wide, seen.OffsetsMemory, neuronSums);
        if (result is null && heads is null)
            return;
        if (gated)
            back.SwiGlu(engine.Threads, seen.Hidden, wide, hidden);
        else
            back.Activate(engine.Threads, activation, seen.Hidden, wide);

        fc1.RunBack(engine, hidden, normed, residual: normFirst ? null : after);
        if (normFirst)
            norm2.RunBack(engine, seen.Middle, normed, after, half);
        else
            norm1.RunBack(engine, seen.MiddleSum, normed, null, half);

        // The attention; half is the gradient of the sum that it is part of.
        projection.RunBack(engine, half, seen.HeadGradients, scale: attentionScale);
        if (heads is { } headSums)
            SumHeads(engine, seen, headSums);
        if (result is not { } to)
            return;
        if (Heads > 0)
            back.Attention(engine.Threads, seen.QueryKeyValue, seen.OffsetsMemory, Heads, seen.HeadGradients, seen.QueryKeyValueGradients, seen.Scratch);
        if (!normFirst)
        {
            qkv.RunBack(engine, seen.QueryKeyValueGradients, to, residual: half);
            return;
        }

        qkv.RunBack(engine, seen.QueryKeyValueGradients, normed);
        norm1.RunBack(engine, seen.Input, normed, half, to);
    }

    static Matrix LookNormed(Engine engine, bool wanted, LayerNorm norm, Matrix x, Matrix normed)
    {
        if (!wanted)
            return x;
        norm.Run(engine, x, normed);
        return normed;
    }

    void SumHeads(Engine engine, BlockActivations seen, Matrix heads)
    {
        engine.Kernels.Backward.ColumnProducts(engine.Threads, seen.HeadOutputs, seen.HeadGradients, seen.OffsetsMemory, seen.HeadColumns);
        for (int s = 0; s < heads.Rows; s++)
            for (int h = 0; h < Heads; h++)
            {
                float sum = 0;
                foreach (float product in seen.HeadColumns.Row(s).Slice(h * headDim, headDim))
                    sum += product;
                heads.Row(s)[h] = sum;
            }
    }

    readonly struct ActivateRow(KernelSet kernels, Activation activation, Matrix x, Matrix y) : IWork
    {
        public void Run(int task, int worker)
        {
            x.Row(task).CopyTo(y.Row(task));
            kernels.Activate(activation, y.Row(task));
        }
    }
}
