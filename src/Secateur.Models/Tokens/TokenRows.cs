using Secateur.Kernels;

namespace Secateur.Models.Tokens;

/// <summary>The tokens of a batch of sequences of any lengths, without padding: rows one sequence after another, and where each begins.</summary>
public sealed partial class TokenRows
{
    Matrix front;
    Matrix back;
    int[] offsets;
    int[] nextOffsets;
    float[] sizes;
    float[] nextSizes;
    int[] places;
    int[] nextPlaces;
    float[] carried;
    float[] nextCarried;

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
        (places, nextPlaces) = (new int[tokens], new int[tokens]);
        (carried, nextCarried) = (new float[tokens], new float[tokens]);
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

    /// <summary>What goes on about heads.</summary>
    internal HeadMemory Heads { get; } = new();

    internal ReadOnlyMemory<int> OffsetsMemory => offsets.AsMemory(0, Sequences + 1);

    /// <summary>The tokens of one sequence, [tokens, width].</summary>
    public Matrix Sequence(int sequence) => front.SliceRows(offsets[sequence], offsets[sequence + 1] - offsets[sequence]);

    /// <summary>The sizes of one sequence's tokens, [tokens].</summary>
    public ReadOnlySpan<float> SizesOf(int sequence) => sizes.AsSpan(offsets[sequence], offsets[sequence + 1] - offsets[sequence]);

    /// <summary>Where one sequence's tokens are from: the index among all tokens of the first that each holds, [tokens].</summary>
    public ReadOnlySpan<int> PlacesOf(int sequence) => places.AsSpan(offsets[sequence], offsets[sequence + 1] - offsets[sequence]);

    /// <summary>What earlier decisions carried on for one sequence's tokens, [tokens]; zeros before any.</summary>
    public ReadOnlySpan<float> CarriedOf(int sequence) => carried.AsSpan(offsets[sequence], offsets[sequence + 1] - offsets[sequence]);

    /// <summary>How many heads of a block are computed for one sequence.</summary>
    /// <param name="sequence">Index in the batch.</param>
    /// <param name="heads">Heads of the block.</param>
    /// <returns>In [1, heads].</returns>
    public int ActiveHeads(int sequence, int heads) => Heads.CountActive(sequence, heads);

    /// <summary>Starts again with sequences of equal length, every token of size one; the rows' content is undefined.</summary>
    internal void Reset(int sequences, int length)
    {
        Sequences = sequences;
        for (int s = 0; s <= sequences; s++)
            offsets[s] = s * length;
        sizes.AsSpan(0, Count).Fill(1);
        carried.AsSpan(0, Count).Clear();
        for (int i = 0; i < Count; i++)
            places[i] = i % length;
        Heads.Reset(sequences);
        Merged = false;
    }

    /// <summary>Replaces every sequence by what its map says.</summary>
    /// <param name="threads">Who works.</param>
    /// <param name="maps">One map a sequence, [sequences].</param>
    internal void Apply(Threads threads, ReadOnlyMemory<TokenMap> maps)
    {
        Remember(maps.Span);
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
        // Few sequences are shared by several workers, each of whom writes rows of its own.
        int parts = (threads.Count + Sequences - 1) / Sequences;
        threads.For(Sequences * parts, new ApplyWork(this, maps, parts));
        (front, back) = (back, front);
        (offsets, nextOffsets) = (nextOffsets, offsets);
        (sizes, nextSizes) = (nextSizes, sizes);
        (places, nextPlaces) = (nextPlaces, places);
        (carried, nextCarried) = (nextCarried, carried);
        Merged |= Sizes.ContainsAnyExcept(1f);
    }

    void Remember(ReadOnlySpan<TokenMap> maps)
    {
        for (int s = 0; s < Sequences; s++)
            maps[s].Carried.CopyTo(carried.AsSpan(offsets[s]));
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

    readonly struct ApplyWork(TokenRows tokens, ReadOnlyMemory<TokenMap> maps, int parts) : IWork
    {
        public void Run(int task, int worker)
        {
            (int sequence, int part) = Math.DivRem(task, parts);
            int from = tokens.offsets[sequence], length = tokens.offsets[sequence + 1] - from, to = tokens.nextOffsets[sequence];
            TokenMap map = maps.Span[sequence];
            if (part == 0)
            {
                map.First(tokens.places.AsSpan(from, length), tokens.nextPlaces.AsSpan(to, map.Count));
                map.Add(tokens.carried.AsSpan(from, length), tokens.nextCarried.AsSpan(to, map.Count));
            }

            map.ApplyTo(
                tokens.front.SliceRows(from, length), tokens.sizes.AsSpan(from, length), tokens.back.SliceRows(to, map.Count), tokens.nextSizes.AsSpan(to, map.Count),
                map.Count * part / parts, map.Count * (part + 1) / parts);
        }
    }
}
