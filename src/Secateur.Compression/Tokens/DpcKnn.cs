using Secateur.Models.Tokens;
using static Secateur.Compression.Tokens.TokenOptions<Secateur.Compression.Tokens.DpcKnnOptions>;

namespace Secateur.Compression.Tokens;

/// <summary>What <see cref="DpcKnn"/> may be told.</summary>
public sealed record DpcKnnOptions
{
    /// <summary>Patches, itself included, by which a patch's density is measured.</summary>
    public int Neighbours { get; init; } = 5;
}

/// <summary>
/// Clustering around density peaks with nearest neighbours (Du, Ding, Jia, "Study on density peaks clustering based on k-nearest neighbors
/// and principal component analysis", Knowledge-Based Systems 2016), in the form without weights to learn of Haurum, Escalera, Taylor and
/// Moeslund, "Which Tokens to Use? Investigating Token Reduction in Vision Transformers", ICCV Workshops 2023.
/// </summary>
public sealed class DpcKnn : ITokenReducer
{
    /// <summary>A clustering layer.</summary>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no neighbours, or more than 64.</exception>
    public DpcKnn(DpcKnnOptions? options = null)
    {
        Options = options ?? new();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Options.Neighbours);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Options.Neighbours, 64);
    }

    /// <summary>What it was told.</summary>
    public DpcKnnOptions Options { get; }

    /// <inheritdoc/>
    public TokenSignals Needs => TokenSignals.Tokens;

    internal static TokenMethod Entry { get; } = new TokenMethod<DpcKnn, DpcKnnOptions>(
        options => new(options), reducer => reducer.Options, new(),
        [Whole("neighbours", 1, 64, "patches, itself included, by which a patch's density is measured", o => o.Neighbours, (o, v) => o with { Neighbours = v })])
    {
        Name = "dpc-knn",
        Title = "DPC-KNN",
        Citation = "Du, Ding and Jia, \"Study on density peaks clustering based on k-nearest neighbors and principal component analysis\", Knowledge-Based Systems 2016; for tokens with equal weights: Haurum, Escalera, Taylor and Moeslund, \"Which Tokens to Use? Investigating Token Reduction in Vision Transformers\", ICCV Workshops 2023, arXiv 2308.04657",
        Clusters = true,
        DefaultPlan = (depth, patches) => Plan(depth, patches, .7),
        Family = (depth, patches, strength) => Plan(depth, patches, 1 - (.8 * strength)),
    };

    /// <inheritdoc/>
    public int MostToRemove(int patches) => Math.Max(0, patches - 1);

    /// <summary>The distances, and the means of the clusters.</summary>
    /// <inheritdoc/>
    public long SelectionMacs(SelectionShape shape, int remove) =>
        Math.Min(remove, MostToRemove(shape.Patches)) is > 0 and var gone ? PatchDistances.Macs(shape) + ((long)gone * shape.Width) : 0;

    /// <inheritdoc/>
    public TokenMap Reduce(in TokenView view, int remove)
    {
        int patches = view.Patches, clusters = patches - Math.Min(remove, MostToRemove(patches));
        if (clusters == patches)
            return TokenMap.Identity(view.Count);
        Span<float> density = patches <= 2048 ? stackalloc float[patches] : new float[patches];
        Span<float> scores = patches <= 2048 ? stackalloc float[patches] : new float[patches];
        Span<int> centres = patches <= 2048 ? stackalloc int[clusters] : new int[clusters];
        Span<int> cluster = patches <= 2048 ? stackalloc int[patches] : new int[patches];
        using var distances = new PatchDistances(view);

        // 1. How dense it is around each patch: exp(-mean squared distance to its nearest), kept as its logarithm.
        for (int i = 0; i < patches; i++)
            density[i] = -MeanOfLeast(distances.From(i), Math.Min(Options.Neighbours, patches));

        // 2. How far each is from the nearest that is denser; density times that distance, again as a logarithm.
        Peaks(distances, density, scores);

        // 3. The highest peaks are centres; the others join the nearest, and every cluster becomes the plain mean of its patches.
        Clusters.Largest(scores, centres);
        Clusters.Assign(distances, centres, cluster);
        density.Fill(1);
        return Clusters.Map(view, clusters, cluster, density);
    }

    /// <summary>The mean of the <paramref name="count"/> least of some numbers.</summary>
    internal static float MeanOfLeast(ReadOnlySpan<float> numbers, int count)
    {
        Span<float> least = stackalloc float[count];
        least.Fill(float.PositiveInfinity);
        foreach (float number in numbers)
        {
            if (!(number < least[^1]))
                continue;
            int i = count - 1;
            for (; i > 0 && least[i - 1] > number; i--)
                least[i] = least[i - 1];
            least[i] = number;
        }

        float sum = 0;
        foreach (float number in least)
            sum += number;
        return sum / count;
    }

    // Of equal density, the patch with the lower index is the denser. The densest of all has the largest distance there is.
    static void Peaks(PatchDistances distances, ReadOnlySpan<float> density, Span<float> scores)
    {
        int patches = density.Length;
        Span<ulong> denser = patches <= 2048 ? stackalloc ulong[patches] : new ulong[patches];
        for (int i = 0; i < patches; i++)
            denser[i] = Selection.Key(density[i], i);
        denser.Sort();
        float largest = 0;
        for (int rank = 0; rank < patches; rank++)
        {
            int i = Selection.Index(denser[rank]);
            ReadOnlySpan<float> from = distances.From(i);
            largest = MathF.Max(largest, Similarity.Largest(from));
            float nearest = float.PositiveInfinity;
            foreach (ulong other in denser[..rank])
                nearest = MathF.Min(nearest, from[Selection.Index(other)]);
            scores[i] = density[i] + (MathF.Log(nearest) / 2);
        }

        int densest = Selection.Index(denser[0]);
        scores[densest] = density[densest] + (MathF.Log(largest) / 2);
    }

    static TokenPlan Plan(int depth, int patches, double rate) => TokenBudgets.Geometric("dpc-knn", depth, patches, rate, _ => new DpcKnn());
}
