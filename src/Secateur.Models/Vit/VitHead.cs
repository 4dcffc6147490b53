using Secateur.Kernels;
using Secateur.Models.Checkpoints;
using Secateur.Models.Layers;
using Secateur.Models.Tokens;

namespace Secateur.Models.Vit;

/// <summary>From tokens to logits: final norm, pooling, and one classifier, or two whose answers are averaged (DeiT with a distillation token).</summary>
internal sealed partial class VitHead(float epsilon, VitPooling pooling)
{
    readonly LayerNorm norm = new(epsilon);
    readonly LayerNorm pooledNorm = new(epsilon);
    readonly Linear classifier = new();
    readonly Linear distillation = new();

    /// <summary>Columns that the classifier reads.</summary>
    public int Inputs { get; private set; }

    /// <summary>Logits of a picture; the pooled features where the network has no classifier.</summary>
    public int Outputs => classifier.Exists ? classifier.Outputs : Inputs;

    /// <summary>Multiply-adds for one picture.</summary>
    public long Macs => classifier.Exists ? (long)classifier.Inputs * classifier.Outputs * (distillation.Exists ? 2 : 1) : 0;

    public void Visit(WeightVisitor visitor, int width)
    {
        Inputs = pooling == VitPooling.ClassTokenAndAverage ? 2 * width : width;
        norm.Visit(visitor, "norm", width, optional: true);
        pooledNorm.Visit(visitor, "fc_norm", width, optional: true);
        classifier.Visit(visitor, "head", WeightVisitor.Any, Inputs, optional: true);
        if (classifier.Exists)
            distillation.Visit(visitor, "head_dist", classifier.Outputs, width, optional: true);
    }

    /// <summary>All tokens after the final norm, in place.</summary>
    public void Normalise(Engine engine, Matrix tokens)
    {
        if (norm.Exists)
            norm.Run(engine, tokens, tokens);
    }

    /// <summary>Writes the logits of each sequence.</summary>
    /// <param name="engine">Who computes.</param>
    /// <param name="tokens">After the last block; normed in place where pooling needs it.</param>
    /// <param name="prefix">Prefix tokens of each sequence.</param>
    /// <param name="normalised">Whether the final norm was already applied.</param>
    /// <param name="buffers">Room.</param>
    /// <param name="logits">[sequences, <see cref="Outputs"/>].</param>
    public void Run(Engine engine, TokenRows tokens, int prefix, bool normalised, VitHeadBuffers buffers, Span<float> logits)
    {
        int width = tokens.Rows.Columns;
        Matrix pooled = buffers.Pooled.SliceRows(0, tokens.Sequences), answers = buffers.Logits.SliceRows(0, tokens.Sequences);
        if (pooling == VitPooling.ClassToken)
        {
            PoolToken(engine, tokens, 0, normalised, pooled);
            if (pooledNorm.Exists)
                pooledNorm.Run(engine, pooled, pooled);
        }
        else
        {
            if (!normalised)
                Normalise(engine, tokens.Rows);
            Matrix mean = pooled.SliceColumns(Inputs - width, width);
            for (int s = 0; s < tokens.Sequences; s++)
            {
                tokens.Mean(s, prefix, mean.Row(s));
                if (pooling == VitPooling.ClassTokenAndAverage)
                    tokens.Sequence(s).Row(0).CopyTo(pooled.Row(s));
            }

            if (pooledNorm.Exists)
                pooledNorm.Run(engine, mean, mean);
        }

        if (!classifier.Exists)
        {
            Copy(pooled, logits);
            return;
        }

        classifier.Run(engine, pooled, answers);
        Copy(answers, logits);
        if (!distillation.Exists)
            return;
        Matrix distilled = pooled.SliceColumns(0, width);
        PoolToken(engine, tokens, 1, normalised || pooling != VitPooling.ClassToken, distilled);
        distillation.Run(engine, distilled, answers);
        for (int s = 0; s < answers.Rows; s++)
            for (int c = 0; c < answers.Columns; c++)
                logits[(s * answers.Columns) + c] = (logits[(s * answers.Columns) + c] + answers.Row(s)[c]) / 2;
    }

    void PoolToken(Engine engine, TokenRows tokens, int token, bool normalised, Matrix pooled)
    {
        for (int s = 0; s < tokens.Sequences; s++)
            tokens.Sequence(s).Row(token).CopyTo(pooled.Row(s));
        if (!normalised)
            Normalise(engine, pooled);
    }

    static void Copy(Matrix rows, Span<float> to)
    {
        for (int i = 0; i < rows.Rows; i++)
            rows.Row(i).CopyTo(to[(i * rows.Columns)..]);
    }
}

/// <summary>Room for pooled tokens and logits.</summary>
internal sealed class VitHeadBuffers(int batch, VitHead head)
{
    public Matrix Pooled { get; } = Matrix.Allocate(batch, head.Inputs);

    public Matrix Logits { get; } = Matrix.Allocate(batch, head.Outputs);
}
