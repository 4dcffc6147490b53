namespace Secateur.Models.Tokens;

/// <summary>What was decided about the tokens of one sequence: the group that each token joins, or <see cref="Dropped"/>; and, for methods
/// that remember, what goes on to their next place.</summary>
/// <remarks>Keeping, dropping, merging and fusing are all this one value, so that every method shares one <see cref="Apply"/>, one
/// source tracer and one picture. The order of the groups is the order of the tokens that come out: it is part of a method, since the
/// next decision may depend on it.</remarks>
public sealed partial class TokenMap
{
    /// <summary>The group of a token that goes without a trace.</summary>
    public const int Dropped = -1;

    readonly int[] group;
    readonly float[]? weights;
    float[]? sizes;

    TokenMap(int[] group, int count, float[]? weights) => (this.group, Count, this.weights) = (group, count, weights);

    /// <summary>For every token that comes in, its group in [0, <see cref="Count"/>) or <see cref="Dropped"/>; [tokens].</summary>
    public ReadOnlySpan<int> Group => group;

    /// <summary>Weights of the tokens inside their groups, [tokens]; empty means that sizes are the weights.</summary>
    public ReadOnlySpan<float> Weights => weights;

    /// <summary>Whether a group of several becomes the sum of its tokens times their weights, not their mean (<see cref="Summed"/>).</summary>
    public bool Sums { get; private set; }

    /// <summary>What each token adds to the size of its group, [tokens]; empty means its own size.</summary>
    public ReadOnlySpan<float> Sizes => sizes;

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

    /// <summary>The same groups, but what comes of several is the plain sum of tokens times weights: an average that is not divided (EViT's fused token).</summary>
    /// <returns>The map.</returns>
    /// <exception cref="InvalidOperationException">The map has no weights.</exception>
    public TokenMap Summed()
    {
        if (weights is null)
            throw new InvalidOperationException("A sum needs weights.");
        TokenMap copy = Copy();
        copy.Sums = true;
        return copy;
    }

    /// <summary>The same groups with other sizes.</summary>
    /// <param name="added">What each token adds to the size of its group, [tokens], finite and not negative.</param>
    /// <returns>The map.</returns>
    /// <exception cref="ArgumentException">The length or a size is wrong.</exception>
    public TokenMap WithSizes(ReadOnlySpan<float> added)
    {
        RequireLength(added.Length, group.Length, nameof(added));
        foreach (float size in added)
            if (!float.IsFinite(size) || size < 0)
                throw new ArgumentException($"A token cannot stand for {size} others; sizes are finite and not negative.", nameof(added));
        TokenMap copy = Copy();
        copy.sizes = added.ToArray();
        return copy;
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

    TokenMap Copy() => (TokenMap)MemberwiseClone();

    static void RequireLength(int found, int tokens, string name)
    {
        if (found != tokens)
            throw new ArgumentException($"{found} numbers for {tokens} tokens.", name);
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
