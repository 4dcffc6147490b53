namespace Secateur.Compression.Tokens;

/// <summary>The two groups of a similarity stage, as patch indices ("Zero-TPrune", section 3.3).</summary>
/// <remarks>Written into one array: first those that others are compared with, then those that may go.</remarks>
internal static class TokenPartition
{
    /// <summary>How many of these patches may go.</summary>
    internal static int Candidates(SimilarityPartition partition, int patches) =>
        partition == SimilarityPartition.None ? Math.Max(0, patches - 1) : patches < 2 ? 0 : patches - (patches / 2);

    /// <summary>Splits the patches.</summary>
    /// <param name="partition">How.</param>
    /// <param name="seed">Draws random halves.</param>
    /// <param name="importance">One score a patch.</param>
    /// <param name="order">[patches]: partners in [0, patches - candidates), then candidates. For <see cref="SimilarityPartition.None"/>
    /// the whole in the order of importance, where everyone's partners stand before it.</param>
    internal static void Split(SimilarityPartition partition, int seed, ReadOnlySpan<float> importance, Span<int> order)
    {
        int n = order.Length, partners = n / 2;
        if (partition == SimilarityPartition.Random)
        {
            for (int i = 0; i < n; i++)
                order[i] = i;
            new Random(seed).Shuffle(order);
            return;
        }

        Span<ulong> keys = n <= 1024 ? stackalloc ulong[n] : new ulong[n];
        for (int i = 0; i < n; i++)
            keys[i] = Selection.Key(importance[i], i);
        switch (partition)
        {
            case SimilarityPartition.SequentialU:
                Selection.Best(keys, partners);
                break;
            case SimilarityPartition.SequentialI:
                Selection.Best(keys, n - partners);
                for (int i = 0; i < n; i++)
                    order[(i + partners) % n] = Selection.Index(keys[i]);
                return;
            case SimilarityPartition.Alternate:
                keys.Sort();
                for (int i = 0; i < n; i++)
                {
                    bool candidate = (n - i) % 2 == 1; // the least important is one
                    order[(candidate ? partners : 0) + (i / 2)] = Selection.Index(keys[i]);
                }

                return;
            default:
                keys.Sort();
                break;
        }

        for (int i = 0; i < n; i++)
            order[i] = Selection.Index(keys[i]);
    }
}
