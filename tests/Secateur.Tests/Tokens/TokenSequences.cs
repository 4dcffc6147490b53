using Secateur.Kernels;
using Secateur.Models.Tokens;

namespace Secateur.Tests.Tokens;

/// <summary>Sequences for token methods: seeded random tokens, queries, keys and values, and the attention that the kernels make of them.</summary>
internal sealed class TokenSequences
{
    const TokenSignals Everything = (TokenSignals)255;
    readonly int[] offsets;
    readonly float[] sizes;
    readonly float[] carried;
    readonly int[] places;
    readonly Matrix tokens, input, qkv;
    readonly AttentionSignals attention = new();

    TokenSequences(int prefix, int heads, int[] offsets, Matrix tokens, Matrix input, Matrix qkv, int[]? from = null)
    {
        (Prefix, Heads, this.offsets, this.tokens, this.input, this.qkv) = (prefix, heads, offsets, tokens, input, qkv);
        sizes = new float[offsets[^1]];
        Array.Fill(sizes, 1);
        carried = new float[sizes.Length];
        places = from ?? [.. offsets[1..].Zip(offsets, (end, start) => Enumerable.Range(0, end - start)).SelectMany(own => own)];
        attention.Prepare((AttentionRequest)31, offsets, heads);
        KernelSet.Default.Attention(Threads.Inline, qkv, offsets, heads, default, default, Matrix.Allocate(sizes.Length, qkv.Columns / 3), attention, new());
    }

    public int Prefix { get; }

    public int Heads { get; }

    public Threads Pool { get; init; } = Threads.Inline;

    public Matrix Tokens => tokens;

    /// <summary>Random sequences of these lengths.</summary>
    public static TokenSequences Draw(int seed, int prefix, int heads, int headDim, params int[] lengths)
    {
        var random = new Random(seed);
        int[] offsets = [0, .. lengths.Select((_, i) => lengths[..(i + 1)].Sum())];
        Matrix Rows(int columns, float scale)
        {
            var rows = Matrix.Allocate(offsets[^1], columns);
            for (int i = 0; i < rows.Rows; i++)
                foreach (ref float value in rows.Row(i))
                    value = scale * (float)((random.NextDouble() * 2) - 1);
            return rows;
        }

        int width = heads * headDim;
        return new(prefix, heads, offsets, Rows(width, 1), Rows(width, 1), Rows(3 * width, 3));
    }

    /// <summary>One of these sequences on its own.</summary>
    public TokenSequences Alone(int sequence)
    {
        int first = offsets[sequence], n = offsets[sequence + 1] - first;
        return Pick([.. Enumerable.Range(first, n)], [0, n]);
    }

    /// <summary>The (only) sequence with its tokens in another order.</summary>
    public TokenSequences Reordered(int[] order) => Pick(order, offsets);

    /// <summary>The same attention, but the keys that a method sees of one token are those of another.</summary>
    public TokenSequences WithKey(int token, int other)
    {
        TokenSequences copy = Pick([.. Enumerable.Range(0, offsets[^1])], offsets);
        int width = qkv.Columns / 3;
        copy.qkv.Row(other).Slice(width, width).CopyTo(copy.qkv.Row(token).Slice(width, width));
        return copy;
    }

    public TokenView View(int sequence = 0, TokenSignals granted = Everything)
    {
        int first = offsets[sequence], n = offsets[sequence + 1] - first;
        return new(granted, Prefix, sizes.AsSpan(first, n), tokens.SliceRows(first, n), input.SliceRows(first, n), qkv.SliceRows(first, n), Heads, attention, sequence)
        {
            Threads = Pool,
            Places = places.AsSpan(first, n),
            Grid = (n - Prefix) % 5 == 0 ? (5, (n - Prefix) / 5) : (1, n - Prefix),
            Carried = carried.AsSpan(first, n),
        };
    }

    /// <summary>A view that shows hand-made attention alone, [heads][tokens, tokens].</summary>
    public static TokenView Hand(int prefix, params float[][,] heads)
    {
        int n = heads[0].GetLength(0);
        var signals = new AttentionSignals();
        signals.Prepare(AttentionRequest.Full, [0, n], heads.Length);
        for (int h = 0; h < heads.Length; h++)
            for (int i = 0; i < n; i++)
                for (int j = 0; j < n; j++)
                    signals.Full(0, h).Row(i)[j] = heads[h][i, j];
        var sizes = new float[n];
        Array.Fill(sizes, 1);
        return new(TokenSignals.Attention, prefix, sizes, default, default, default, heads.Length, signals, 0);
    }

    /// <summary>A random matrix whose rows sum to 1.</summary>
    public static float[,] Stochastic(int seed, int n, double sharpness = 3)
    {
        var random = new Random(seed);
        var a = new float[n, n];
        for (int i = 0; i < n; i++)
        {
            double sum = 0;
            for (int j = 0; j < n; j++)
                sum += a[i, j] = (float)Math.Exp(sharpness * random.NextDouble());
            for (int j = 0; j < n; j++)
                a[i, j] = (float)(a[i, j] / sum);
        }

        return a;
    }

    TokenSequences Pick(int[] rows, int[] newOffsets)
    {
        Matrix Copy(Matrix from)
        {
            var to = Matrix.Allocate(rows.Length, from.Columns);
            for (int i = 0; i < rows.Length; i++)
                from.Row(rows[i]).CopyTo(to.Row(i));
            return to;
        }

        return new(Prefix, Heads, newOffsets, Copy(tokens), Copy(input), Copy(qkv), [.. rows.Select(row => places[row])]) { Pool = Pool };
    }
}
