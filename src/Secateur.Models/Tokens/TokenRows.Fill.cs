namespace Secateur.Models.Tokens;

/// <content>Filled by others than an embedding.</content>
public sealed partial class TokenRows
{
    /// <summary>Starts again with sequences of these lengths, every token of size one; the rows' content is undefined.</summary>
    /// <param name="lengths">Tokens of each sequence.</param>
    /// <exception cref="ArgumentException">There is no room for them.</exception>
    public void Reset(ReadOnlySpan<int> lengths)
    {
        if (lengths.Length >= offsets.Length)
            throw new ArgumentException($"There is room for {offsets.Length - 1} sequences, not {lengths.Length}.", nameof(lengths));
        Sequences = lengths.Length;
        for (int s = 0; s < lengths.Length; s++)
        {
            offsets[s + 1] = checked(offsets[s] + lengths[s]);
            if (lengths[s] < 0 || offsets[s + 1] > sizes.Length)
                throw new ArgumentException($"There is room for {sizes.Length} tokens; sequence {s} of {lengths[s]} does not fit.", nameof(lengths));
            for (int i = 0; i < lengths[s]; i++)
                places[offsets[s] + i] = i;
        }

        sizes.AsSpan(0, Count).Fill(1);
        carried.AsSpan(0, Count).Clear();
        Heads.Reset(Sequences);
        Merged = false;
    }

    /// <summary>Takes over the sequences and the rows of others.</summary>
    /// <param name="other">No more sequences and tokens than there is room for, of the same width, none of them merged.</param>
    /// <exception cref="ArgumentException">They do not fit.</exception>
    public void CopyFrom(TokenRows other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Merged || other.front.Columns != front.Columns)
            throw new ArgumentException("Tokens are copied between rows of one width, and only where none was merged.", nameof(other));
        Reset([.. Enumerable.Range(0, other.Sequences).Select(s => other.offsets[s + 1] - other.offsets[s])]);
        for (int i = 0; i < Count; i++)
            other.front.Row(i).CopyTo(front.Row(i));
    }

    /// <summary>The same sequences and rows, in room of their own.</summary>
    /// <returns>Tokens that may be changed.</returns>
    /// <exception cref="ArgumentException">Some token was merged.</exception>
    public TokenRows Copy()
    {
        var copy = new TokenRows(Sequences, Count, front.Columns);
        copy.CopyFrom(this);
        return copy;
    }
}
