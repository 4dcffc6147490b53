using System.Collections.Immutable;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Structured.Score;

/// <summary>Calibration cut into batches of a size that runs well and needs little room.</summary>
internal static class CalibrationChunks
{
    /// <summary>Cuts batches between sequences.</summary>
    /// <param name="calibration">In its order.</param>
    /// <param name="rows">Tokens of a batch at most, where a sequence alone is not longer.</param>
    /// <returns>The same sequences.</returns>
    public static ImmutableArray<TokenRows> Cut(Calibration calibration, int rows)
    {
        var chunks = ImmutableArray.CreateBuilder<TokenRows>();
        foreach (CalibrationBatch batch in calibration.Batches)
        {
            TokenRows tokens = batch.Tokens;
            for (int first = 0, end; first < tokens.Sequences; first = end)
            {
                end = first + 1;
                while (end < tokens.Sequences && tokens.Offsets[end + 1] - tokens.Offsets[first] <= rows)
                    end++;
                chunks.Add(first == 0 && end == tokens.Sequences ? tokens : Slice(tokens, first, end));
            }
        }

        return chunks.ToImmutable();
    }

    static TokenRows Slice(TokenRows tokens, int first, int end)
    {
        int[] lengths = Lengths(tokens)[first..end];
        var slice = new TokenRows(lengths.Length, lengths.Sum(), tokens.Rows.Columns);
        slice.Reset(lengths);
        for (int i = 0; i < slice.Count; i++)
            tokens.Rows.Row(tokens.Offsets[first] + i).CopyTo(slice.Rows.Row(i));
        return slice;
    }

    /// <summary>Tokens of each sequence.</summary>
    public static int[] Lengths(TokenRows tokens) => [.. Enumerable.Range(0, tokens.Sequences).Select(s => tokens.Offsets[s + 1] - tokens.Offsets[s])];
}
