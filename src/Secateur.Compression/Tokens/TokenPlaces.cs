namespace Secateur.Compression.Tokens;

/// <summary>Published placements, carried over to networks of other depths.</summary>
internal static class TokenPlaces
{
    const int PublishedDepth = 12;

    /// <summary>Blocks of 12, counted from 1, in a network of another depth: block b stands at b * depth / 12 (rounded, halves to even), moved
    /// where needed so that places stay apart, and none but one published so is the last block. A network with fewer places gets the first ones.</summary>
    /// <param name="blocks">Rising, from 1.</param>
    /// <param name="depth">Blocks of the network.</param>
    /// <returns>Rising, from 1.</returns>
    internal static int[] Of12(ReadOnlySpan<int> blocks, int depth)
    {
        int last = blocks[^1] == PublishedDepth ? depth : depth - 1;
        var places = new int[Math.Min(blocks.Length, Math.Max(0, last))];
        for (int i = 0; i < places.Length; i++)
        {
            int scaled = (int)Math.Round(blocks[i] * (double)depth / PublishedDepth);
            places[i] = Math.Max(scaled, i == 0 ? 1 : places[i - 1] + 1);
        }

        for (int i = places.Length - 1; i >= 0; i--)
            places[i] = Math.Min(places[i], last - (places.Length - 1 - i));
        return places;
    }

    /// <summary>A number of tokens for each block that is on average <paramref name="each"/>, which need not be whole.</summary>
    /// <param name="depth">Blocks of the network.</param>
    /// <param name="each">At least 0.</param>
    /// <returns>[depth], whole numbers.</returns>
    internal static int[] Spread(int depth, double each)
    {
        var counts = new int[depth];
        for (int block = 0; block < depth; block++)
            counts[block] = (int)Math.Floor(((block + 1) * each) + 1e-9) - (int)Math.Floor((block * each) + 1e-9);
        return counts;
    }
}
