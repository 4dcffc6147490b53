using System.Buffers;
using Secateur.Kernels;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens.Scores;

/// <summary>Over what the value term of <see cref="TailEffectScore"/> takes its maximum; the sum over the other follows.</summary>
public enum ValueMaximum
{
    /// <summary>Over heads, as in the attention term and in the released code; then the features are summed.</summary>
    Heads,

    /// <summary>Over the features of each head; then the heads are summed.</summary>
    Features,
}

/// <summary>
/// Attention received plus a term of the values (Eliopoulos et al., "Reducing Vision Transformer Latency on Edge Devices via GPU Tail Effect
/// and Training-free Token Pruning", arXiv 2407.05941, section 3.3, equations 5 and 6).
/// </summary>
/// <param name="maximum">Over what the value term takes its maximum.</param>
/// <param name="ofBatch">Whether the attention term is divided by the largest of the whole batch, as in the released code, and not of the image.</param>
internal sealed class TailEffectScore(ValueMaximum maximum = ValueMaximum.Heads, bool ofBatch = false) : ITokenScore
{
    const int ColumnsInATask = 64;

    public TokenSignals Needs => TokenSignals.Attention | TokenSignals.QueryKeyValue;

    public bool DependsOnBatch => ofBatch;

    public void Score(in TokenView view, Span<float> scores)
    {
        // 1. The attention that each patch receives from patches: the maximum over heads, summed over queries.
        Received(view, scores);

        // 2. Its share of the largest.
        float largest = ofBatch ? LargestOfBatch(view) : Largest(view, scores);
        for (int j = view.Prefix; j < scores.Length && largest > 0; j++)
            scores[j] /= largest;

        // 3. The value term: a softmax over all tokens, prefix tokens included.
        float[] lent = ArrayPool<float>.Shared.Rent(scores.Length);
        Span<float> values = lent.AsSpan(0, scores.Length);
        for (int j = 0; j < values.Length; j++)
            values[j] = maximum == ValueMaximum.Heads ? HeadMaximum.Sum(view.Value(j), view.Heads) : SumOfMaxima(view.Value(j), view.Heads);
        Softmax(values);
        ClassAttentionScore.Add(values, scores);
        ArrayPool<float>.Shared.Return(lent);
    }

    static void Received(in TokenView view, Span<float> received)
    {
        var heads = new Matrix[view.Heads];
        for (int h = 0; h < heads.Length; h++)
            heads[h] = view.Attention(h);
        float[] lent = ArrayPool<float>.Shared.Rent(received.Length);
        view.Threads.For((received.Length + ColumnsInATask - 1) / ColumnsInATask, new Columns(heads, view.Prefix, lent, received.Length));
        lent.AsSpan(0, received.Length).CopyTo(received);
        ArrayPool<float>.Shared.Return(lent);
    }

    static float Largest(in TokenView view, ReadOnlySpan<float> received) =>
        view.Patches == 0 ? 0 : Similarity.Largest(received[view.Prefix..]);

    static float LargestOfBatch(in TokenView view)
    {
        float largest = 0;
        for (int s = 0; s < view.Mates; s++)
        {
            TokenView mate = view.Mate(s);
            float[] lent = ArrayPool<float>.Shared.Rent(mate.Count);
            Span<float> received = lent.AsSpan(0, mate.Count);
            Received(mate, received);
            largest = MathF.Max(largest, Largest(mate, received));
            ArrayPool<float>.Shared.Return(lent);
        }

        return largest;
    }

    static float SumOfMaxima(ReadOnlySpan<float> value, int heads)
    {
        int dimension = value.Length / heads;
        float sum = 0;
        for (int h = 0; h < heads; h++)
            sum += Similarity.Largest(value.Slice(h * dimension, dimension));
        return sum;
    }

    static void Softmax(Span<float> x)
    {
        float largest = Similarity.Largest(x);
        for (int j = 0; j < x.Length; j++)
            x[j] = MathF.Exp(x[j] - largest);
        float scale = 1 / Sums.Of(x);
        for (int j = 0; j < x.Length; j++)
            x[j] *= scale;
    }

    readonly struct Columns(Matrix[] heads, int prefix, float[] received, int tokens) : IWork
    {
        public void Run(int task, int worker)
        {
            int first = task * ColumnsInATask;
            HeadMaximum.SumColumns(heads, prefix, first, received.AsSpan(first, Math.Min(ColumnsInATask, tokens - first)));
        }
    }
}
