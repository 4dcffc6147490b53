using Secateur.Kernels;
using Secateur.Models.Layers;
using Secateur.Models.Tokens;

namespace Secateur.Models.Bert;

/// <content>The way back.</content>
internal sealed partial class TextHead
{
    /// <summary>From the gradient of the answers to that of the tokens after the last block.</summary>
    /// <param name="engine">Who computes.</param>
    /// <param name="tokens">After the last block; stay as they are.</param>
    /// <param name="answers">[sequences, or tokens where each is classified; <see cref="Outputs"/>].</param>
    /// <param name="result">[tokens, width].</param>
    public void Backward(Engine engine, TokenRows tokens, Matrix answers, Matrix result)
    {
        if (config.Task == TextTask.TokenClassification)
        {
            classifier.RunBack(engine, answers, result);
            return;
        }

        // 1. What was computed on the way forth.
        int sequences = tokens.Sequences;
        Matrix pooled = Pool(tokens), afterPooler = pooled, afterBefore = pooled;
        if (pooler.Exists)
            afterBefore = afterPooler = Dense(engine, pooler, pooled, Matrix.Allocate(sequences, width), rectify: false);
        bool rectify = config.Family == TextFamily.DistilBert;
        if (before.Exists)
            afterBefore = Dense(engine, before, afterPooler, Matrix.Allocate(sequences, width), rectify);

        // 2. Back to the pooled tokens.
        Matrix gradient = Matrix.Allocate(sequences, width);
        if (classifier.Exists)
            classifier.RunBack(engine, answers, gradient);
        else
            for (int s = 0; s < sequences; s++)
            {
                answers.Row(s).CopyTo(gradient.Row(s));
                if (config.Normalise)
                    NormaliseBack(afterBefore.Row(s), gradient.Row(s));
            }

        if (before.Exists)
            gradient = DenseBack(engine, before, afterBefore, gradient, rectify);
        if (pooler.Exists)
            gradient = DenseBack(engine, pooler, afterPooler, gradient, rectify: false);

        // 3. Back to the tokens.
        for (int i = 0; i < result.Rows; i++)
            result.Row(i).Clear();
        for (int s = 0; s < sequences; s++)
        {
            int first = tokens.Offsets[s], count = config.Pooling == TextPooling.Mean ? tokens.Offsets[s + 1] - first : 1;
            for (int i = 0; i < count; i++)
                TokenMap.AddScaled(gradient.Row(s), 1f / count, result.Row(first + i));
        }
    }

    Matrix Pool(TokenRows tokens)
    {
        Matrix pooled = Matrix.Allocate(tokens.Sequences, width);
        for (int s = 0; s < tokens.Sequences; s++)
            if (config.Pooling == TextPooling.Mean)
                tokens.Mean(s, 0, pooled.Row(s));
            else
                tokens.Sequence(s).Row(0).CopyTo(pooled.Row(s));
        return pooled;
    }

    /// <summary>The slope of both functions is known from what they gave.</summary>
    static Matrix DenseBack(Engine engine, Linear product, Matrix y, Matrix gradient, bool rectify)
    {
        for (int i = 0; i < y.Rows; i++)
            for (int c = 0; c < y.Columns; c++)
                gradient.Row(i)[c] *= rectify ? (y.Row(i)[c] > 0 ? 1 : 0) : 1 - (y.Row(i)[c] * y.Row(i)[c]);
        Matrix x = Matrix.Allocate(gradient.Rows, product.Inputs);
        product.RunBack(engine, gradient, x);
        return x;
    }

    /// <summary>With u = x / |x|: (g - u (u g)) / |x|.</summary>
    static void NormaliseBack(ReadOnlySpan<float> x, Span<float> gradient)
    {
        double squares = 0, product = 0;
        for (int c = 0; c < x.Length; c++)
        {
            squares += (double)x[c] * x[c];
            product += (double)x[c] * gradient[c];
        }

        double length = Math.Max(Math.Sqrt(squares), 1e-12), along = product / (length * length);
        for (int c = 0; c < x.Length; c++)
            gradient[c] = (float)((gradient[c] - (along * x[c])) / length);
    }
}
