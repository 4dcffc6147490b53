using Secateur.Kernels;
using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;

namespace Secateur.Models.Layers;

/// <summary>One transformer block: norm, attention, residual; norm, MLP, residual. Its numbers of heads and neurons are its own.</summary>
internal sealed class Block(int headDim, float epsilon, Activation activation, bool gated)
{
    readonly LayerNorm norm1 = new(epsilon);
    readonly Linear qkv = new();
    readonly Linear projection = new();
    readonly LayerNorm norm2 = new(epsilon);
    readonly Linear fc1 = new();
    readonly Linear fc2 = new();
    float[]? attentionScale;
    float[]? mlpScale;

    /// <summary>Number of heads.</summary>
    public int Heads => AttentionWidth / headDim;

    /// <summary>Columns of all heads together.</summary>
    public int AttentionWidth => projection.Inputs;

    /// <summary>Number of MLP neurons.</summary>
    public int Neurons => fc2.Inputs;

    /// <summary>Columns that the MLP's first product writes: the neurons, and their gates if there are any.</summary>
    public int MlpWidth => fc1.Outputs;

    public bool Gated => gated;

    public void Visit(WeightVisitor visitor, string name, int width)
    {
        norm1.Visit(visitor, $"{name}.norm1", width);
        projection.Visit(visitor, $"{name}.attn.proj", width, WeightVisitor.Any);
        if (AttentionWidth % headDim != 0)
            throw new CheckpointException($"{name}.attn.proj.weight has {AttentionWidth} inputs, which is no number of heads of {headDim} columns; check the number of heads in config.json.");
        qkv.Visit(visitor, $"{name}.attn.qkv", 3 * AttentionWidth, width);
        visitor.Vector($"{name}.ls1.gamma", ref attentionScale, [width], optional: true);
        norm2.Visit(visitor, $"{name}.norm2", width);
        fc2.Visit(visitor, $"{name}.mlp.fc2", width, WeightVisitor.Any);
        fc1.Visit(visitor, $"{name}.mlp.fc1", gated ? 2 * Neurons : Neurons, width);
        visitor.Vector($"{name}.ls2.gamma", ref mlpScale, [width], optional: true);
    }

    /// <summary>x += scale * projection(attention(norm(x))).</summary>
    /// <param name="engine">Who computes.</param>
    /// <param name="tokens">Read and replaced.</param>
    /// <param name="buffers">Where intermediate rows go; queries, keys and values stay there for whoever looks.</param>
    /// <param name="sizeBias">The log of the tokens' sizes for proportional attention, or empty.</param>
    /// <param name="signals">Prepared for these sequences, or null.</param>
    public void RunAttention(Engine engine, TokenRows tokens, BlockBuffers buffers, ReadOnlyMemory<float> sizeBias, AttentionSignals? signals)
    {
        Matrix x = tokens.Rows;
        Matrix normed = buffers.Normed(x.Rows, x.Columns), heads = buffers.Heads(x.Rows, AttentionWidth), all = buffers.QueryKeyValue(x.Rows, 3 * AttentionWidth);
        norm1.Run(engine, x, normed);
        qkv.Run(engine, normed, all);
        engine.Kernels.Attention(engine.Threads, all, tokens.OffsetsMemory, Heads, tokens.Heads.Active(Heads), sizeBias, heads, signals, buffers.Scratch);
        projection.Run(engine, heads, x, scale: attentionScale, residual: x);
    }

    /// <summary>x += scale * fc2(activation(fc1(norm(x)))).</summary>
    public void RunMlp(Engine engine, TokenRows tokens, BlockBuffers buffers)
    {
        Matrix x = tokens.Rows;
        Matrix normed = buffers.Normed(x.Rows, x.Columns), hidden = buffers.Hidden(x.Rows, MlpWidth);
        norm2.Run(engine, x, normed);
        fc1.Run(engine, normed, hidden, gated ? Activation.None : activation);
        if (gated)
        {
            Matrix product = buffers.Heads(x.Rows, Neurons);
            engine.Kernels.SwiGlu(engine.Threads, hidden, product);
            hidden = product;
        }

        fc2.Run(engine, hidden, x, scale: mlpScale, residual: x);
    }
}
