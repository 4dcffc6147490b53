using Secateur.Kernels;
using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;

namespace Secateur.Models.Layers;

/// <summary>One transformer block: attention, then MLP, each with a residual and a norm, which comes first (pre-norm: ViT) or last (post-norm: BERT).
/// Its numbers of heads and neurons are its own.</summary>
internal sealed partial class Block(int headDim, float epsilon, Activation activation, bool gated, bool normFirst = true)
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

    /// <summary>What it consists of.</summary>
    public BlockShape Shape => new(Heads, headDim, Neurons, gated);

    public void Visit(WeightVisitor visitor, string name, int width)
    {
        norm1.Visit(visitor, $"{name}.norm1", width);
        projection.Visit(visitor, $"{name}.attn.proj", width, WeightVisitor.AnyOrNone);
        if (AttentionWidth % headDim != 0)
            throw new CheckpointException($"{name}.attn.proj.weight has {AttentionWidth} inputs, which is no number of heads of {headDim} columns; check the number of heads in config.json.");
        qkv.Visit(visitor, $"{name}.attn.qkv", 3 * AttentionWidth, width);
        visitor.Vector($"{name}.ls1.gamma", ref attentionScale, [width], optional: true);
        norm2.Visit(visitor, $"{name}.norm2", width);
        fc2.Visit(visitor, $"{name}.mlp.fc2", width, WeightVisitor.AnyOrNone);
        fc1.Visit(visitor, $"{name}.mlp.fc1", gated ? 2 * Neurons : Neurons, width);
        visitor.Vector($"{name}.ls2.gamma", ref mlpScale, [width], optional: true);
    }

    /// <summary>x += scale * projection(attention(norm(x))); post-norm: x = norm(x + scale * projection(attention(x))).</summary>
    /// <param name="engine">Who computes.</param>
    /// <param name="tokens">Read and replaced.</param>
    /// <param name="buffers">Where intermediate rows go; queries, keys and values stay there for whoever looks.</param>
    /// <param name="sizeBias">The log of the tokens' sizes for proportional attention, or empty.</param>
    /// <param name="signals">Prepared for these sequences, or null.</param>
    public void RunAttention(Engine engine, TokenRows tokens, BlockBuffers buffers, ReadOnlyMemory<float> sizeBias, AttentionSignals? signals)
    {
        Matrix x = tokens.Rows;
        Matrix heads = buffers.Heads(x.Rows, AttentionWidth), all = buffers.QueryKeyValue(x.Rows, 3 * AttentionWidth);
        qkv.Run(engine, NormedFirst(engine, norm1, x, buffers), all);
        if (Heads > 0)
            engine.Kernels.Attention(engine.Threads, all, tokens.OffsetsMemory, Heads, tokens.Heads.Active(Heads), sizeBias, heads, signals, buffers.Scratch);
        projection.Run(engine, heads, x, scale: attentionScale, residual: x);
        NormMiddle(engine, x);
    }

    /// <summary>Post-norm: x = norm(x), which ends the attention's half.</summary>
    public void NormMiddle(Engine engine, Matrix x) => NormLast(engine, norm1, x);

    /// <summary>x += scale * fc2(activation(fc1(norm(x)))); post-norm: x = norm(x + scale * fc2(activation(fc1(x)))).</summary>
    public void RunMlp(Engine engine, TokenRows tokens, BlockBuffers buffers)
    {
        AddMlp(engine, tokens, buffers);
        NormOutput(engine, tokens.Rows);
    }

    /// <summary>x += scale * fc2(activation(fc1(norm(x)))); post-norm: without the norms.</summary>
    public void AddMlp(Engine engine, TokenRows tokens, BlockBuffers buffers)
    {
        Matrix x = tokens.Rows;
        Matrix hidden = buffers.Hidden(x.Rows, MlpWidth);
        fc1.Run(engine, NormedFirst(engine, norm2, x, buffers), hidden, gated ? Activation.None : activation);
        if (gated)
        {
            Matrix product = buffers.Heads(x.Rows, Neurons);
            engine.Kernels.SwiGlu(engine.Threads, hidden, product);
            hidden = product;
        }

        fc2.Run(engine, hidden, x, scale: mlpScale, residual: x);
    }

    /// <summary>Post-norm: x = norm(x), which ends the block.</summary>
    public void NormOutput(Engine engine, Matrix x) => NormLast(engine, norm2, x);

    /// <summary>What the attention's products read: norm(x); post-norm: x.</summary>
    public void NormInput(Engine engine, Matrix x, Matrix y)
    {
        if (normFirst)
            norm1.Run(engine, x, y);
        else
            for (int i = 0; i < x.Rows; i++)
                x.Row(i).CopyTo(y.Row(i));
    }

    Matrix NormedFirst(Engine engine, LayerNorm norm, Matrix x, BlockBuffers buffers)
    {
        if (!normFirst)
            return x;
        Matrix normed = buffers.Normed(x.Rows, x.Columns);
        norm.Run(engine, x, normed);
        return normed;
    }

    void NormLast(Engine engine, LayerNorm norm, Matrix x)
    {
        if (!normFirst)
            norm.Run(engine, x, x);
    }
}
