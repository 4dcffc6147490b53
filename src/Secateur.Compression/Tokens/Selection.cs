namespace Secateur.Compression.Tokens;

/// <summary>The best few of many scores, without sorting the rest. Ties go to the lower index, so that every choice is one and the same everywhere.</summary>
internal static class Selection
{
    /// <summary>A score and its index as one number: the larger score first, then the lower index. Any float has its place, so every order is total.</summary>
    internal static ulong Key(float score, int index)
    {
        uint bits = BitConverter.SingleToUInt32Bits(score + 0f); // -0 and 0 are one score
        uint rising = (bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000;
        return ((ulong)~rising << 32) | (uint)index;
    }

    /// <summary>The index inside a key.</summary>
    internal static int Index(ulong key) => (int)(uint)key;

    /// <summary>Rearranges distinct <paramref name="keys"/> so that the <paramref name="count"/> first in order come first, in no order among themselves (quickselect; Hoare, 1961).</summary>
    internal static void Best(Span<ulong> keys, int count)
    {
        while (keys.Length > 1 && count > 0 && count < keys.Length)
        {
            int split = Split(keys);
            if (count <= split)
            {
                keys = keys[..split];
                continue;
            }

            keys = keys[split..];
            count -= split;
        }
    }

    /// <summary>The indices inside keys, rising: by marks, which takes less time than sorting.</summary>
    /// <param name="keys">Of distinct indices.</param>
    /// <param name="bound">Above all of them.</param>
    /// <param name="indices">Filled from its start, one a key.</param>
    internal static void Rising(ReadOnlySpan<ulong> keys, int bound, Span<int> indices)
    {
        Span<bool> marked = bound <= 4096 ? stackalloc bool[bound] : new bool[bound];
        marked.Clear();
        foreach (ulong key in keys)
            marked[Index(key)] = true;
        int next = 0;
        for (int i = 0; i < marked.Length; i++)
            if (marked[i])
                indices[next++] = i;
    }

    // Both sides get at least one key: the pivot is the median of three and is never the largest of all.
    static int Split(Span<ulong> keys)
    {
        ulong a = keys[0], b = keys[keys.Length / 2], c = keys[^1];
        ulong pivot = Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
        if (keys.Length == 2)
            pivot = Math.Min(a, c);
        int i = -1, j = keys.Length;
        while (true)
        {
            while (keys[++i] < pivot)
            {
            }

            while (keys[--j] > pivot)
            {
            }

            if (i >= j)
                return j + 1;
            (keys[i], keys[j]) = (keys[j], keys[i]);
        }
    }
}
