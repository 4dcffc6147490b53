using Secateur.Kernels;

namespace Secateur.Models.Tokens;

/// <summary>The tokens of a batch of sequences of any lengths, without padding: rows one sequence after another, and where each begins.</summary>
public sealed class TokenRows
{
    Matrix front;
    Matrix back;
    int[] offsets;
    int[] nextOffsets;
    float[] sizes;
    float[] nextSizes;

    /// <summary>Room for this many tokens.</summary>
    /// <param name="sequences">Sequences at most.</param>
    /// <param name="tokens">Tokens of all sequences together, at most.</param>
    /// <param name="width">Floats in a token.</param>
    public TokenRows(int sequences, int tokens, int width)
    {
        front = Matrix.Allocate(tokens, width);
        back = new(new(0), 0, 0, 0, 0);
        (offsets, nextOffsets) = (new int[sequences + 1], new int[sequences + 1]);
        (sizes, nextSizes) = (new float[tokens], new float[tokens]);
    }

    /// <summary>Number of sequences.</summary>
    public int Sequences { get; private set; }

    /// <summary>Tokens of all sequences together.</summary>
    public int Count => offsets[Sequences];

    /// <summary>Whether some token stands for another number of original tokens than one.</summary>
    public bool Merged { get; private set; }

    /// <summary>All tokens, [<see cref="Count"/>, width].</summary>
    public Matrix Rows => front.SliceRows(0, Count);

    /// <summary>First row of each sequence, and <see cref="Count"/> at the end, [sequences + 1].</summary>
    public ReadOnlySpan<int> Offsets => offsets.AsSpan(0, Sequences + 1);

    /// <summary>How many original tokens each token stands for, [<see cref="Count"/>].</summary>
    public ReadOnlySpan<float> Sizes => sizes.AsSpan(0, Count);

    internal ReadOnlyMemory<int> OffsetsMemory => offsets.AsMemory(0, Sequences + 1);

    /// <summary>The tokens of one sequence, [tokens, width].</summary>
    public Matrix Sequence(int sequence) => front.SliceRows(offsets[sequence], offsets[sequence + 1] - offsets[sequence]);

    /// <summary>The sizes of one sequence's tokens, [tokens].</summary>
    public ReadOnlySpan<float> SizesOf(int sequence) => sizes.AsSpan(offsets[sequence], offsets[sequence + 1] - offsets[sequence]);

    /// <summary>Starts again with sequences of equal length, every token of size one; the rows' content is undefined.</summary>
    internal void Reset(int sequences, int length)
    {
        Sequences = sequences;
        for (int s = 0; s <= sequences; s++)
            offsets[s] = s * length;
        sizes.AsSpan(0, Count).Fill(1);
        Merged = false;
    }

    /// <summary>Replaces every sequence by what its map says.</summary>
    /// <param name="threads">Who works.</param>
    /// <param name="maps">One map a sequence, [sequences].</param>
    internal void Apply(Threads threads, ReadOnlyMemory<TokenMap> maps)
    {
        ReadOnlySpan<TokenMap> each = maps.Span;
        bool changes = false;
        for (int s = 0; s < Sequences; s++)
        {
            nextOffsets[s + 1] = nextOffsets[s] + each[s].Count;
            changes |= !each[s].IsIdentity;
        }

        if (!changes)
            return;
        if (back.Rows == 0)
            back = Matrix.Allocate(front.Rows, front.Columns);
        threads.For(Sequences, new ApplyWork(this, maps));
        (front, back) = (back, front);
        (offsets, nextOffsets) = (nextOffsets, offsets);
        (sizes, nextSizes) = (nextSizes, sizes);
        Merged |= Sizes.ContainsAnyExcept(1f);
    }

    /// <summary>Writes the mean of the sequence's tokens from <paramref name="first"/> on, weighted by size; zeros when none is left.</summary>
    internal void Mean(int sequence, int first, Span<float> mean)
    {
        Matrix rows = Sequence(sequence);
        ReadOnlySpan<float> weights = SizesOf(sequence);
        float total = 0;
        mean.Clear();
        for (int i = first; i < rows.Rows; i++)
        {
            total += weights[i];
            TokenMap.AddScaled(rows.Row(i), weights[i], mean);
        }

        if (total > 0)
            TokenMap.Scale(mean, 1 / total);
    }

    readonly struct ApplyWork(TokenRows tokens, ReadOnlyMemory<TokenMap> maps) : IWork
    {
        public void Run(int sequence, int worker)
        {
            int from = tokens.offsets[sequence], length = tokens.offsets[sequence + 1] - from, to = tokens.nextOffsets[sequence];
            TokenMap map = maps.Span[sequence];
            map.Apply(tokens.front.SliceRows(from, length), tokens.sizes.AsSpan(from, length), tokens.back.SliceRows(to, map.Count), tokens.nextSizes.AsSpan(to, map.Count));
        }
    }
}
