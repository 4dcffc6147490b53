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
        ApplyTo(rows, sizes, outRows, outSizes, 0, Count);
    }

    /// <summary>Writes the groups in [<paramref name="from"/>, <paramref name="to"/>) alone, for several who share the work.</summary>
    internal void ApplyTo(Matrix rows, ReadOnlySpan<float> sizes, Matrix outRows, Span<float> outSizes, int from, int to)
    {
        int count = to - from;
        Span<int> members = count <= 1024 ? stackalloc int[count] : new int[count];
        Span<float> total = count <= 1024 ? stackalloc float[count] : new float[count];
        members.Clear();
        total.Clear();
        foreach (int g in group)
            if ((uint)(g - from) < (uint)count)
                members[g - from]++;
        for (int i = 0; i < group.Length; i++)
        {
            int g = group[i] - from;
            if ((uint)g >= (uint)count)
                continue;
            float size = this.sizes is null ? sizes[i] : this.sizes[i];
            Span<float> row = outRows.Row(from + g);
            if (members[g] == 1)
            {
                outSizes[from + g] = size;
                rows.Row(i).CopyTo(row);
                continue;
            }

            // The first of several members marks its group as begun.
            if (members[g] > 0)
            {
                members[g] = -members[g];
                row.Clear();
                outSizes[from + g] = 0;
            }

            float weight = weights is null ? sizes[i] : weights[i];
            outSizes[from + g] += size;
            total[g] += weight;
            AddScaled(rows.Row(i), weight, row);
        }

        for (int g = 0; g < count && !Sums; g++)
            if (members[g] < 0)
                Scale(outRows.Row(from + g), 1 / total[g]);
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
