using System.Buffers;
using Secateur.Kernels;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens;

/// <summary>How the votes of <see cref="WeightedPageRank"/> are held.</summary>
/// <param name="Iterations">Votes, one after the other.</param>
/// <param name="Epsilon">Ends earlier when no score of a head moves by more than this; 0 for never.</param>
/// <param name="Renormalise">Whether the rows of the tokens that still vote are scaled to sum to 1 over these tokens.</param>
/// <param name="Temperature">Attention is sharpened to softmax(logits / this); 1 leaves it as it is.</param>
internal readonly record struct VotingRules(int Iterations, double Epsilon = 0, bool Renormalise = false, double Temperature = 1);

/// <summary>
/// Weighted Page Rank (Wang, Dedhia and Jha, "Zero-TPrune", CVPR 2024, section 3.2): the attention of a head is the graph, and a token's
/// score is what the others vote for it, each with the weight of its own score: s &lt;- A^T s. Heads vote apart.
/// </summary>
/// <remarks>Scores live on the scale where an ordinary token starts with 1. Rows of A sum to 1, so votes move score about and make none,
/// as long as every token takes part.</remarks>
internal sealed class WeightedPageRank : IDisposable
{
    readonly Matrix[] attention;
    readonly KernelSet kernels;
    readonly Threads threads;
    readonly float[] scores;
    readonly int heads;
    readonly int tokens;

    /// <param name="view">The sequence; shows what <see cref="Needs"/> says.</param>
    /// <param name="votes">Whether <see cref="Vote"/> will be asked for, and not only <see cref="FirstVote"/>.</param>
    internal WeightedPageRank(in TokenView view, bool votes = true)
    {
        (kernels, threads, heads, tokens) = (view.Kernels, view.Threads, view.Heads, view.Count);
        attention = new Matrix[votes ? heads : 0];
        for (int h = 0; h < attention.Length; h++)
            attention[h] = view.Attention(h);
        scores = ArrayPool<float>.Shared.Rent(heads * tokens);
    }

    internal int Heads => heads;

    internal int Tokens => tokens;

    /// <summary>The scores of one head after <see cref="Vote"/>, [tokens]; 0 for those that took no part.</summary>
    internal Span<float> Scores(int head) => scores.AsSpan(head * tokens, tokens);

    /// <summary>What a view must show for this many votes after the first.</summary>
    internal static TokenSignals Needs(int votes) => votes > 0 ? TokenSignals.Attention : TokenSignals.Received | TokenSignals.ClassAttention;

    /// <summary>Multiply-adds of this many votes over whole attention, tokens that take no part included, all of them held; of 0, those of <see cref="FirstVote"/>.</summary>
    internal static long Macs(SelectionShape shape, int votes) =>
        shape.Block.Heads * (votes > 0 ? (long)votes * shape.Tokens * shape.Tokens : shape.Tokens);

    /// <summary>One vote of all tokens, without the whole attention: what each receives, and once more what a boosted class token gives.</summary>
    /// <param name="view">The sequence.</param>
    /// <param name="classBoost">As in <see cref="Vote"/>.</param>
    internal void FirstVote(in TokenView view, bool classBoost)
    {
        float more = classBoost ? MathF.Sqrt(tokens) - 1 : 0;
        for (int h = 0; h < heads; h++)
        {
            Span<float> s = Scores(h);
            ReadOnlySpan<float> fromClass = view.ClassAttention(h);
            view.Received(h).CopyTo(s);
            for (int i = 0; i < tokens; i++)
                s[i] += more * fromClass[i];
        }
    }

    /// <summary>Every head starts anew and votes.</summary>
    /// <param name="rules">How.</param>
    /// <param name="classBoost">Whether the first token starts with the square root of the number of voters instead of 1.</param>
    /// <param name="absent">Tokens that take no part.</param>
    internal void Vote(VotingRules rules, bool classBoost, ReadOnlyMemory<int> absent) =>
        threads.For(Heads, new Head(this, rules, classBoost, absent));

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<float>.Shared.Return(scores);

    readonly struct Head(WeightedPageRank rank, VotingRules rules, bool classBoost, ReadOnlyMemory<int> absent) : IWork
    {
        public void Run(int head, int worker)
        {
            Matrix matrix = rank.attention[head];
            int n = rank.tokens, stride = matrix.Stride;
            float[] lent = ArrayPool<float>.Shared.Rent((2 * n) + (rules.Temperature == 1 ? 0 : n * stride));
            Span<float> s = rank.Scores(head), next = lent.AsSpan(0, n), rowWeights = lent.AsSpan(n, n), result = s;
            ReadOnlySpan<float> a = matrix.Buffer.Span[matrix.Offset..];
            if (rules.Temperature != 1)
            {
                Sharpening.Run(a, stride, n, 1 / rules.Temperature, lent.AsSpan(2 * n, n * stride));
                a = lent.AsSpan(2 * n, n * stride);
            }

            Start(s);
            if (rules.Renormalise)
                RowWeights(a, stride, rowWeights);
            for (int t = 0; t < rules.Iterations; t++)
            {
                float change = 0;
                if (rules.Renormalise)
                    for (int i = 0; i < n; i++)
                        s[i] *= rowWeights[i];
                rank.kernels.SumRows(a, stride, s, next);
                foreach (int token in absent.Span)
                    next[token] = 0;
                if (rules.Epsilon > 0)
                    for (int i = 0; i < n; i++)
                        change = MathF.Max(change, MathF.Abs(next[i] - (rules.Renormalise ? s[i] / rowWeights[i] : s[i])));
                Span<float> last = s;
                s = next;
                next = last;
                if (rules.Epsilon > 0 && change <= rules.Epsilon)
                    break;
            }

            if (s != result)
                s.CopyTo(result);
            ArrayPool<float>.Shared.Return(lent);
        }

        void Start(Span<float> s)
        {
            s.Fill(1);
            if (classBoost)
                s[0] = MathF.Sqrt(s.Length - absent.Length);
            foreach (int token in absent.Span)
                s[token] = 0;
        }

        // 1 / what a row gives to the tokens that take part; a row that gives them nothing keeps its votes to itself.
        void RowWeights(ReadOnlySpan<float> a, int stride, Span<float> weights)
        {
            for (int i = 0; i < weights.Length; i++)
            {
                ReadOnlySpan<float> row = a.Slice(i * stride, weights.Length);
                float sum = Sums.Of(row);
                foreach (int token in absent.Span)
                    sum -= row[token];
                weights[i] = sum > 0 ? 1 / sum : 1;
            }
        }
    }
}
