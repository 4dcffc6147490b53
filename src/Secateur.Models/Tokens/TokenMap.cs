using System.Numerics;
using Secateur.Kernels;

namespace Secateur.Models.Tokens;

/// <summary>What was decided about the tokens of one sequence: the group that each token joins, or <see cref="Dropped"/>.</summary>
/// <remarks>Keeping, dropping, merging and fusing are all this one value, so that every method shares one <see cref="Apply"/>, one
/// source tracer and one picture. The order of the groups is the order of the tokens that come out: it is part of a method, since the
/// next decision may depend on it.</remarks>
public sealed class TokenMap
{
    /// <summary>The group of a token that goes without a trace.</summary>
    public const int Dropped = -1;

    readonly int[] group;
    readonly float[]? weights;

    TokenMap(int[] group, int count, float[]? weights) => (this.group, Count, this.weights) = (group, count, weights);

    /// <summary>For every token that comes in, its group in [0, <see cref="Count"/>) or <see cref="Dropped"/>; [tokens].</summary>
    public ReadOnlySpan<int> Group => group;

    /// <summary>Weights of the tokens inside their groups, [tokens]; empty means that sizes are the weights.</summary>
    public ReadOnlySpan<float> Weights => weights;

    /// <summary>How many tokens come out.</summary>
    public int Count { get; }

    /// <summary>Whether every token stays as and where it is.</summary>
    public bool IsIdentity => Count == group.Length && IsAscending();

    /// <summary>Every token stays.</summary>
    /// <param name="tokens">How many.</param>
    /// <returns>The identity.</returns>
    public static TokenMap Identity(int tokens)
    {
        var group = new int[tokens];
        for (int i = 0; i < tokens; i++)
            group[i] = i;
        return new(group, tokens, null);
    }

    /// <summary>These tokens stay, in this order; all others are dropped.</summary>
    /// <param name="tokens">How many come in.</param>
    /// <param name="kept">Indices of those that stay, distinct, in the order in which they come out.</param>
    /// <returns>The map.</returns>
    /// <exception cref="ArgumentException">An index is out of range or appears twice.</exception>
    public static TokenMap Keep(int tokens, ReadOnlySpan<int> kept)
    {
        var group = new int[tokens];
        Array.Fill(group, Dropped);
        for (int i = 0; i < kept.Length; i++)
        {
            if ((uint)kept[i] >= (uint)tokens || group[kept[i]] != Dropped)
                throw new ArgumentException($"Token {kept[i]} is not one of {tokens}, or is kept twice.", nameof(kept));
            group[kept[i]] = i;
        }

        return new(group, kept.Length, null);
    }

    /// <summary>Any grouping: tokens of the same group become one.</summary>
    /// <param name="group">For every token that comes in, its group or <see cref="Dropped"/>, [tokens].</param>
    /// <param name="count">Number of groups; none may be empty.</param>
    /// <param name="weights">Weights inside the groups, [tokens], finite and not negative, with a positive sum in every group of several; empty to weigh by size.</param>
    /// <returns>The map.</returns>
    /// <exception cref="ArgumentException">A group is out of range or empty, or the weights have another length or give no mean.</exception>
    public static TokenMap FromGroups(ReadOnlySpan<int> group, int count, ReadOnlySpan<float> weights = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var used = new bool[count];
        foreach (int g in group)
        {
            if (g != Dropped && (uint)g >= (uint)count)
                throw new ArgumentException($"Group {g} is not one of {count}.", nameof(group));
            if (g != Dropped)
                used[g] = true;
        }

        if (used.AsSpan().Contains(false))
            throw new ArgumentException($"Group {Array.IndexOf(used, false)} of {count} has no token.", nameof(group));
        if (!weights.IsEmpty && weights.Length != group.Length)
            throw new ArgumentException($"{weights.Length} weights for {group.Length} tokens.", nameof(weights));
        if (!weights.IsEmpty)
            RequireMeans(group, count, weights);
        return new(group.ToArray(), count, weights.IsEmpty ? null : weights.ToArray());
    }

    /// <summary>This map followed by another: where the tokens that came in are afterwards (weights are forgotten).</summary>
    /// <param name="next">A map of <see cref="Count"/> tokens.</param>
    /// <returns>The composition.</returns>
    /// <exception cref="ArgumentException"><paramref name="next"/> is of another number of tokens.</exception>
    public TokenMap Then(TokenMap next)
    {
        ArgumentNullException.ThrowIfNull(next);
        if (next.group.Length != Count)
            throw new ArgumentException($"A map of {next.group.Length} tokens cannot follow one that leaves {Count}.", nameof(next));
        var composed = new int[group.Length];
        for (int i = 0; i < group.Length; i++)
            composed[i] = group[i] == Dropped ? Dropped : next.group[group[i]];
        return new(composed, next.Count, null);
    }

    /// <summary>Writes the tokens that come out: the weighted mean of each group. A token alone in its group is copied bit for bit.</summary>
    /// <param name="rows">One row a token that comes in, [tokens, width].</param>
    /// <param name="sizes">How many original tokens each stands for, [tokens].</param>
    /// <param name="outRows">[<see cref="Count"/>, width]; must not overlap <paramref name="rows"/>.</param>
    /// <param name="outSizes">[<see cref="Count"/>].</param>
    /// <exception cref="ArgumentException">The shapes do not fit this map.</exception>
    public void Apply(Matrix rows, ReadOnlySpan<float> sizes, Matrix outRows, Span<float> outSizes)
    {
        if (rows.Rows != group.Length || sizes.Length != group.Length || outRows.Rows != Count || outSizes.Length != Count || outRows.Columns != rows.Columns)
            throw new ArgumentException($"A map of {group.Length} to {Count} tokens cannot turn [{rows.Rows}, {rows.Columns}] into [{outRows.Rows}, {outRows.Columns}].");
        Span<int> members = Count <= 1024 ? stackalloc int[Count] : new int[Count];
        Span<float> total = Count <= 1024 ? stackalloc float[Count] : new float[Count];
        members.Clear();
        total.Clear();
        outSizes.Clear();
        foreach (int g in group)
            if (g != Dropped)
                members[g]++;
        for (int i = 0; i < group.Length; i++)
        {
            if (group[i] is var g && g == Dropped)
                continue;
            Span<float> to = outRows.Row(g);
            outSizes[g] += sizes[i];
            if (members[g] == 1)
            {
                rows.Row(i).CopyTo(to);
                continue;
            }

            float weight = weights is null ? sizes[i] : weights[i];
            if (total[g] == 0)
                to.Clear();
            total[g] += weight;
            AddScaled(rows.Row(i), weight, to);
        }

        for (int g = 0; g < Count; g++)
            if (members[g] > 1)
                Scale(outRows.Row(g), 1 / total[g]);
    }

    internal static void AddScaled(ReadOnlySpan<float> x, float factor, Span<float> sum)
    {
        int c = 0;
        for (; c <= x.Length - Vector<float>.Count; c += Vector<float>.Count)
            (new Vector<float>(sum[c..]) + (new Vector<float>(x[c..]) * factor)).CopyTo(sum[c..]);
        for (; c < x.Length; c++)
            sum[c] += x[c] * factor;
    }

    internal static void Scale(Span<float> x, float factor)
    {
        foreach (ref float value in x)
            value *= factor;
    }

    static void RequireMeans(ReadOnlySpan<int> group, int count, ReadOnlySpan<float> weights)
    {
        var total = new float[count];
        var members = new int[count];
        for (int i = 0; i < group.Length; i++)
        {
            if (group[i] == Dropped)
                continue;
            if (!float.IsFinite(weights[i]) || weights[i] < 0)
                throw new ArgumentException($"Token {i} has the weight {weights[i]}; weights are finite and not negative.", nameof(weights));
            total[group[i]] += weights[i];
            members[group[i]]++;
        }

        // The mean is a sum divided by the weights' sum: neither that nor its reciprocal may overflow.
        for (int g = 0; g < count; g++)
            if (members[g] > 1 && !(float.IsFinite(total[g]) && float.IsFinite(1 / total[g])))
                throw new ArgumentException($"The weights of group {g} sum to {total[g]}, which gives its {members[g]} tokens no mean; scale them, or leave them out to weigh by size.", nameof(weights));
    }

    bool IsAscending()
    {
        for (int i = 0; i < group.Length; i++)
            if (group[i] != i)
                return false;
        return true;
    }
}
