using System.Buffers;
using Secateur.Kernels;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens;

/// <summary>
/// Bipartite soft matching (ToMe, section 3): for every source, the destination most like it. Sources choose on their own, so that several
/// may choose the same destination. Cost: one product of the two groups.
/// </summary>
internal sealed class BipartiteMatching : IDisposable
{
    const int TokensInATask = 16;

    // Destinations as columns make a product quick, but take time to write: below so many sources each pair is multiplied on its own.
    const int FewestForColumns = 32;

    readonly KernelSet kernels;
    readonly TokenFeatures features;
    readonly int sources;
    readonly int destinations;
    readonly int[] tokens;
    readonly int[] partner;
    readonly float[] similarity;
    readonly float[] compared;

    /// <summary>Matches. Ties go to the destination that comes first.</summary>
    /// <param name="view">The sequence.</param>
    /// <param name="features">By which tokens are compared: dot products, cosines where features are of length 1.</param>
    /// <param name="sources">Token indices.</param>
    /// <param name="destinations">Token indices; not empty where there are sources.</param>
    internal BipartiteMatching(in TokenView view, TokenFeatures features, ReadOnlySpan<int> sources, ReadOnlySpan<int> destinations)
    {
        (kernels, this.features, this.sources, this.destinations) = (view.Kernels, features, sources.Length, destinations.Length);
        tokens = ArrayPool<int>.Shared.Rent(sources.Length + destinations.Length);
        destinations.CopyTo(tokens);
        sources.CopyTo(tokens.AsSpan(destinations.Length));
        partner = ArrayPool<int>.Shared.Rent(sources.Length);
        similarity = ArrayPool<float>.Shared.Rent(sources.Length);
        bool columns = sources.Length >= FewestForColumns;
        compared = ArrayPool<float>.Shared.Rent(columns ? features.Width * destinations.Length : sources.Length * (features.Width + destinations.Length));
        if (columns)
        {
            view.Threads.For(Tasks(destinations.Length), new ReadDestinations(this));
            view.Threads.For(Tasks(sources.Length), new Match(this));
            return;
        }

        for (int i = 0; i < sources.Length; i++)
            features.Read(sources[i], compared.AsSpan(i * features.Width, features.Width));
        view.Threads.For(Tasks(destinations.Length), new MatchPairs(this));
        for (int i = 0; i < sources.Length; i++)
            Choose(i, compared.AsSpan((sources.Length * features.Width) + (i * destinations.Length), destinations.Length));
    }

    /// <summary>For every source, the token index of the destination most like it, [sources].</summary>
    internal ReadOnlySpan<int> Partner => partner.AsSpan(0, sources);

    /// <summary>How like that is, [sources].</summary>
    internal ReadOnlySpan<float> Similarity => similarity.AsSpan(0, sources);

    /// <summary>ToMe's two groups: the patches at even places are sources, those at odd places destinations, prefix tokens counted but in neither.</summary>
    /// <param name="view">The sequence.</param>
    /// <param name="tokens">Filled with all patches, sources first, each group rising; [patches].</param>
    /// <returns>How many are sources.</returns>
    internal static int Halves(in TokenView view, Span<int> tokens)
    {
        int sources = Sources(view.Count, view.Prefix), a = 0, b = sources;
        for (int i = view.Prefix; i < view.Count; i++)
            tokens[(i & 1) == 0 ? a++ : b++] = i;
        return sources;
    }

    /// <summary>How many of these tokens <see cref="Halves"/> makes sources.</summary>
    internal static int Sources(int tokens, int prefix) => ((tokens + 1) / 2) - ((prefix + 1) / 2);

    /// <summary>Multiply-adds of matching by features scaled to length 1: reading each once, and the product of the two groups.</summary>
    internal static long Macs(SelectionShape shape, long sources, long destinations, SimilarityFeature feature = SimilarityFeature.Key)
    {
        (int width, long reading) = TokenFeatures.Cost(shape, feature, FeatureHeads.Mean, unit: true);
        return ((sources + destinations) * reading) + (sources * destinations * width);
    }

    /// <summary>How many sources are more like their partners than this.</summary>
    internal int CountAbove(float threshold)
    {
        int count = 0;
        foreach (float value in Similarity)
            count += value > threshold ? 1 : 0;
        return count;
    }

    /// <summary>Merges the sources that are most like their partners; ties go to the lower index. What comes out: prefix tokens, the other
    /// sources, the destinations.</summary>
    /// <param name="view">The sequence.</param>
    /// <param name="remove">How many sources merge, at most all.</param>
    /// <returns>The map.</returns>
    /// <remarks>The other sources come in rising order; without prefix tokens, the most similar first: so the released code of ToMe.</remarks>
    internal TokenMap Merge(in TokenView view, int remove)
    {
        Span<int> group = view.Count <= 2048 ? stackalloc int[view.Count] : new int[view.Count];
        Span<ulong> keys = sources <= 2048 ? stackalloc ulong[sources] : new ulong[sources];
        int next = 0;
        for (int i = 0; i < sources; i++)
            keys[i] = Selection.Key(similarity[i], i);
        Selection.Best(keys, remove);
        Span<ulong> others = keys[remove..];
        Span<int> rest = sources <= 2048 ? stackalloc int[others.Length] : new int[others.Length];
        if (view.Prefix > 0)
            Selection.Rising(others, sources, rest);
        else
        {
            others.Sort();
            for (int i = 0; i < rest.Length; i++)
                rest[i] = Selection.Index(others[i]);
        }

        for (; next < view.Prefix; next++)
            group[next] = next;
        foreach (int source in rest)
            group[tokens[destinations + source]] = next++;
        for (int i = 0; i < destinations; i++)
            group[tokens[i]] = next++;
        foreach (ulong key in keys[..remove])
            group[tokens[destinations + Selection.Index(key)]] = group[partner[Selection.Index(key)]];
        return TokenMap.FromGroups(group, next);
    }

    /// <summary>Gives the working memory back.</summary>
    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(tokens);
        ArrayPool<int>.Shared.Return(partner);
        ArrayPool<float>.Shared.Return(similarity);
        ArrayPool<float>.Shared.Return(compared);
    }

    static int Tasks(int tokens) => (tokens + TokensInATask - 1) / TokensInATask;

    void Choose(int source, ReadOnlySpan<float> alike)
    {
        float largest = Tokens.Similarity.Largest(alike);
        similarity[source] = largest;
        partner[source] = tokens[Tokens.Similarity.IndexOf(alike, largest)];
    }

    // Destinations as columns.
    readonly struct ReadDestinations(BipartiteMatching matching) : IWork
    {
        public void Run(int task, int worker)
        {
            int width = matching.features.Width, columns = matching.destinations, first = task * TokensInATask;
            Span<float> one = width <= 4096 ? stackalloc float[width] : new float[width];
            for (int i = first; i < Math.Min(first + TokensInATask, columns); i++)
            {
                matching.features.Read(matching.tokens[i], one);
                for (int c = 0; c < width; c++)
                    matching.compared[(c * columns) + i] = one[c];
            }
        }
    }

    readonly struct Match(BipartiteMatching matching) : IWork
    {
        public void Run(int task, int worker)
        {
            int width = matching.features.Width, columns = matching.destinations, first = task * TokensInATask;
            ReadOnlySpan<float> destinations = matching.compared.AsSpan(0, width * columns);
            Span<float> alike = columns <= 4096 ? stackalloc float[columns] : new float[columns];
            Span<float> source = width <= 4096 ? stackalloc float[width] : new float[width];
            for (int i = first; i < Math.Min(first + TokensInATask, matching.sources); i++)
            {
                matching.features.Read(matching.tokens[columns + i], source);
                matching.kernels.SumRows(destinations, columns, source, alike);
                matching.Choose(i, alike);
            }
        }
    }

    // Each destination is read once, and multiplied by every source.
    readonly struct MatchPairs(BipartiteMatching matching) : IWork
    {
        public void Run(int task, int worker)
        {
            int width = matching.features.Width, count = matching.destinations, first = task * TokensInATask;
            Span<float> room = width <= 4096 ? stackalloc float[width] : new float[width];
            Span<float> products = matching.compared.AsSpan(matching.sources * width);
            for (int j = first; j < Math.Min(first + TokensInATask, count); j++)
            {
                ReadOnlySpan<float> destination = matching.features.Raw(matching.tokens[j], room, out float scale);
                for (int i = 0; i < matching.sources; i++)
                    products[(i * count) + j] = scale * Sums.OfProducts(matching.compared.AsSpan(i * width, width), destination);
            }
        }
    }
}
