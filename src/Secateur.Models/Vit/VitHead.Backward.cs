using Secateur.Kernels;
using Secateur.Models.Layers;
using Secateur.Models.Tokens;

namespace Secateur.Models.Vit;

/// <content>The way back.</content>
internal sealed partial class VitHead
{
    /// <summary>From the gradient of the logits to that of the tokens after the last block.</summary>
    /// <param name="engine">Who computes.</param>
    /// <param name="tokens">After the last block, not normed; stay as they are.</param>
    /// <param name="prefix">Prefix tokens of each sequence.</param>
    /// <param name="logits">[sequences, <see cref="Outputs"/>].</param>
    /// <param name="result">[tokens, width].</param>
    public void Backward(Engine engine, TokenRows tokens, int prefix, Matrix logits, Matrix result)
    {
        int sequences = tokens.Sequences, width = result.Columns;
        for (int i = 0; i < result.Rows; i++)
            result.Row(i).Clear();

        // 1. Classifiers.
        Matrix answer = logits, pooled = logits, second = Matrix.Allocate(sequences, width);
        if (distillation.Exists)
        {
            answer = Matrix.Allocate(sequences, Outputs);
            for (int s = 0; s < sequences; s++)
                TokenMap.AddScaled(logits.Row(s), 0.5f, answer.Row(s));
            distillation.RunBack(engine, answer, second);
        }

        if (classifier.Exists)
            classifier.RunBack(engine, answer, pooled = Matrix.Allocate(sequences, Inputs));

        // 2. Pooling: the gradient of the normed tokens.
        Matrix last = pooled.SliceColumns(Inputs - width, width);
        if (pooledNorm.Exists)
            pooledNorm.RunBack(engine, Pooled(engine, tokens, prefix), last, null, last = Matrix.Allocate(sequences, width));
        for (int s = 0; s < sequences; s++)
        {
            int first = tokens.Offsets[s], count = tokens.Offsets[s + 1] - first;
            for (int i = prefix; i < count && pooling != VitPooling.ClassToken; i++)
                TokenMap.AddScaled(last.Row(s), 1f / (count - prefix), result.Row(first + i));
            if (pooling != VitPooling.Average)
                TokenMap.AddScaled(pooling == VitPooling.ClassToken ? last.Row(s) : pooled.Row(s)[..width], 1, result.Row(first));
            if (distillation.Exists)
                TokenMap.AddScaled(second.Row(s), 1, result.Row(first + 1));
        }

        // 3. The final norm.
        if (norm.Exists)
            norm.RunBack(engine, tokens.Rows, result, null, result);
    }

    /// <summary>What enters the pooled norm.</summary>
    Matrix Pooled(Engine engine, TokenRows tokens, int prefix)
    {
        var normed = new TokenRows(tokens.Sequences, tokens.Count, tokens.Rows.Columns);
        normed.CopyFrom(tokens);
        Normalise(engine, normed.Rows);
        Matrix pooled = Matrix.Allocate(tokens.Sequences, tokens.Rows.Columns);
        for (int s = 0; s < tokens.Sequences; s++)
            if (pooling == VitPooling.ClassToken)
                normed.Sequence(s).Row(0).CopyTo(pooled.Row(s));
            else
                normed.Mean(s, prefix, pooled.Row(s));
        return pooled;
    }
}
