using System.Numerics;
using Secateur.Kernels;

namespace Secateur.Models.Tokens;

/// <content>The one function that carries a decision out.</content>
public sealed partial class TokenMap
{
    /// <summary>Writes the tokens that come out: the weighted mean of each group, or the sum where <see cref="Sums"/>. A token alone in its group is copied bit for bit.</summary>
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
        Span<int> seen = Count <= 1024 ? stackalloc int[Count] : new int[Count];
        members.Clear();
        total.Clear();
        seen.Clear();
        outSizes.Clear();
        foreach (int g in group)
            if (g != Dropped)
                members[g]++;
        for (int i = 0; i < group.Length; i++)
        {
            if (group[i] is var g && g == Dropped)
                continue;
            Span<float> to = outRows.Row(g);
            outSizes[g] += this.sizes is null ? sizes[i] : this.sizes[i];
            if (members[g] == 1)
            {
                rows.Row(i).CopyTo(to);
                continue;
            }

            float weight = weights is null ? sizes[i] : weights[i];
            if (seen[g]++ == 0)
                to.Clear();
            total[g] += weight;
            AddScaled(rows.Row(i), weight, to);
        }

        for (int g = 0; g < Count && !Sums; g++)
            if (members[g] > 1)
                Scale(outRows.Row(g), 1 / total[g]);
    }

    /// <summary>What numbers of the tokens become: those of a group's members are added up.</summary>
    internal void Add(ReadOnlySpan<float> values, Span<float> sums)
    {
        sums.Clear();
        for (int i = 0; i < group.Length; i++)
            if (group[i] != Dropped)
                sums[group[i]] += values[i];
    }

    /// <summary>Where the tokens that come out are from: the first of each group speaks for it.</summary>
    internal void First(ReadOnlySpan<int> places, Span<int> first)
    {
        first.Fill(-1);
        for (int i = 0; i < group.Length; i++)
            if (group[i] != Dropped && first[group[i]] < 0)
                first[group[i]] = places[i];
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
}
