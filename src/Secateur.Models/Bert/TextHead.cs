using Secateur.Kernels;
using Secateur.Models.Checkpoints;
using Secateur.Models.Layers;
using Secateur.Models.Tokens;

namespace Secateur.Models.Bert;

/// <summary>From tokens to answers: pooling, the product before the classifier that some families have, and the classifier; or the pooled vector itself.</summary>
internal sealed partial class TextHead(int width, TextConfig config)
{
    readonly Linear pooler = new();
    readonly Linear before = new();
    readonly Linear classifier = new();

    /// <summary>Columns of an answer.</summary>
    public int Outputs => classifier.Exists ? classifier.Outputs : width;

    /// <summary>Multiply-adds of a text of so many tokens.</summary>
    public long Macs(int tokens) => config.Task == TextTask.TokenClassification
        ? (long)tokens * width * Outputs
        : ((pooler.Exists ? 1L : 0) + (before.Exists ? 1 : 0)) * width * width + (classifier.Exists ? (long)width * Outputs : 0);

    public void Visit(WeightVisitor visitor)
    {
        bool each = config.Task == TextTask.TokenClassification, embedding = config.Task == TextTask.Embedding;
        if (!each && config.Pooling == TextPooling.Pooler)
            pooler.Visit(visitor, "pooler", width, width);
        if (!each && !embedding)
            before.Visit(visitor, "pre_logits", width, width, optional: true);
        if (!embedding)
            classifier.Visit(visitor, "head", WeightVisitor.Any, width);
    }

    /// <summary>Writes the answers.</summary>
    /// <param name="engine">Who computes.</param>
    /// <param name="tokens">After the last block.</param>
    /// <param name="buffers">Room.</param>
    /// <param name="logits">[sequences, or tokens where each is classified; <see cref="Outputs"/>].</param>
    public void Run(Engine engine, TokenRows tokens, TextHeadBuffers buffers, Span<float> logits)
    {
        if (config.Task == TextTask.TokenClassification)
        {
            Classify(engine, tokens.Rows, buffers, logits);
            return;
        }

        Matrix pooled = buffers.Pooled.SliceRows(0, tokens.Sequences);
        for (int s = 0; s < tokens.Sequences; s++)
            if (config.Pooling == TextPooling.Mean)
                tokens.Mean(s, 0, pooled.Row(s));
            else
                tokens.Sequence(s).Row(0).CopyTo(pooled.Row(s));
        if (pooler.Exists)
            pooled = Dense(engine, pooler, pooled, buffers.Dense, rectify: false);
        if (before.Exists)
            pooled = Dense(engine, before, pooled, pooler.Exists ? buffers.Pooled : buffers.Dense, rectify: config.Family == TextFamily.DistilBert);
        if (classifier.Exists)
            Classify(engine, pooled, buffers, logits);
        else
            for (int s = 0; s < pooled.Rows; s++)
            {
                Span<float> answer = logits.Slice(s * width, width);
                pooled.Row(s).CopyTo(answer);
                if (config.Normalise)
                    Normalise(answer);
            }
    }

    void Classify(Engine engine, Matrix rows, TextHeadBuffers buffers, Span<float> logits)
    {
        Matrix answers = buffers.Logits.SliceRows(0, rows.Rows);
        classifier.Run(engine, rows, answers);
        for (int i = 0; i < answers.Rows; i++)
            answers.Row(i).CopyTo(logits[(i * answers.Columns)..]);
    }

    static Matrix Dense(Engine engine, Linear product, Matrix x, Matrix room, bool rectify)
    {
        Matrix y = room.SliceRows(0, x.Rows);
        product.Run(engine, x, y);
        for (int i = 0; i < y.Rows; i++)
            foreach (ref float value in y.Row(i))
                value = rectify ? Math.Max(value, 0) : MathF.Tanh(value);
        return y;
    }

    // As PyTorch: a vector of zeros stays one.
    static void Normalise(Span<float> vector)
    {
        double squares = 0;
        foreach (float value in vector)
            squares += (double)value * value;
        float length = (float)Math.Max(Math.Sqrt(squares), 1e-12);
        foreach (ref float value in vector)
            value /= length;
    }
}

/// <summary>Room for pooled tokens and answers.</summary>
internal sealed class TextHeadBuffers(int sequences, int answers, int width, int outputs)
{
    public int Sequences => sequences;

    public int Answers => answers;

    public Matrix Pooled { get; } = Matrix.Allocate(sequences, width);

    public Matrix Dense { get; } = Matrix.Allocate(sequences, width);

    public Matrix Logits { get; } = Matrix.Allocate(answers, outputs);
}
