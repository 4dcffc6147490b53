using Secateur.Compression.Tokens.Scores;
using Secateur.Models.Tokens;
using static Secateur.Compression.Tokens.TokenOptions<Secateur.Compression.Tokens.KMedoidsOptions>;

namespace Secateur.Compression.Tokens;

/// <summary>Which patches are medoids before the first alternation.</summary>
public enum MedoidStart
{
    /// <summary>Those that the class token attends to most; without a class token, those that receive most attention.</summary>
    ClassAttention,

    /// <summary>One drawn by the seed, then again and again the one farthest from all chosen.</summary>
    FarthestPoint,
}

/// <summary>What <see cref="KMedoids"/> may be told.</summary>
public sealed record KMedoidsOptions
{
    /// <summary>Which patches are medoids before the first alternation.</summary>
    public MedoidStart Start { get; init; } = MedoidStart.ClassAttention;

    /// <summary>Alternations of assignment and choice; ends earlier when no medoid changes.</summary>
    public int Iterations { get; init; } = 3;

    /// <summary>Draws the first point of the farthest-point start.</summary>
    public int Seed { get; init; }
}

/// <summary>
/// K-Medoids with equal weights, as Haurum, Escalera, Taylor and Moeslund compare it for tokens ("Which Tokens to Use? Investigating Token
/// Reduction in Vision Transformers", ICCV Workshops 2023): patches gather round some of their own, and these stay.
/// </summary>
public sealed class KMedoids : ITokenReducer
{
    /// <summary>A clustering layer.</summary>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no alternation.</exception>
    public KMedoids(KMedoidsOptions? options = null)
    {
        Options = options ?? new();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Options.Iterations);
    }

    /// <summary>What it was told.</summary>
    public KMedoidsOptions Options { get; }

    /// <inheritdoc/>
    public TokenSignals Needs => TokenSignals.Tokens | (Options.Start == MedoidStart.ClassAttention ? ClassAttentionScore.Instance.Needs : 0);

    internal static TokenMethod Entry { get; } = new TokenMethod<KMedoids, KMedoidsOptions>(
        options => new(options), reducer => reducer.Options, new(),
        [
            Choice("start", "which patches are medoids at first", o => o.Start, (o, v) => o with { Start = v }),
            Whole("iterations", 1, 1000, "alternations of assignment and choice", o => o.Iterations, (o, v) => o with { Iterations = v }),
            Whole("seed", int.MinValue, int.MaxValue, "draws the first point of the farthest-point start", o => o.Seed, (o, v) => o with { Seed = v }).When("start is farthest-point", o => o.Start == MedoidStart.FarthestPoint),
        ])
    {
        Name = "k-medoids",
        Title = "K-Medoids",
        Citation = "for tokens with equal weights: Haurum, Escalera, Taylor and Moeslund, \"Which Tokens to Use? Investigating Token Reduction in Vision Transformers\", ICCV Workshops 2023, arXiv 2308.04657",
        Clusters = true,
        DefaultPlan = (depth, patches) => Plan(depth, patches, .7),
        Family = (depth, patches, strength) => Plan(depth, patches, 1 - (.8 * strength)),
    };

    /// <inheritdoc/>
    public int MostToRemove(int patches) => Math.Max(0, patches - 1);

    /// <summary>The distances, and the means of the clusters, in which all but the medoid weigh 0.</summary>
    /// <inheritdoc/>
    public long SelectionMacs(SelectionShape shape, int remove) =>
        Math.Min(remove, MostToRemove(shape.Patches)) is > 0 and var gone ? PatchDistances.Macs(shape) + ((long)gone * shape.Width) : 0;

    /// <inheritdoc/>
    public TokenMap Reduce(in TokenView view, int remove)
    {
        int patches = view.Patches, clusters = patches - Math.Min(remove, MostToRemove(patches));
        if (clusters == patches)
            return TokenMap.Identity(view.Count);
        Span<int> medoids = patches <= 2048 ? stackalloc int[clusters] : new int[clusters];
        Span<int> cluster = patches <= 2048 ? stackalloc int[patches] : new int[patches];
        using var distances = new PatchDistances(view);

        // 1. The first medoids.
        if (Options.Start == MedoidStart.ClassAttention)
            MostAttended(view, medoids);
        else
            Farthest(distances, new Random(Options.Seed).Next(patches), medoids);

        // 2. In turns: every patch joins the nearest medoid, and of every cluster the patch nearest to all others is its medoid.
        Clusters.Assign(distances, medoids, cluster);
        for (int i = 0; i < Options.Iterations && Choose(distances, cluster, medoids); i++)
            Clusters.Assign(distances, medoids, cluster);

        // 3. The medoid alone speaks for its cluster.
        Span<float> weights = patches <= 2048 ? stackalloc float[patches] : new float[patches];
        weights.Clear();
        foreach (int medoid in medoids)
            weights[medoid] = 1;
        return Clusters.Map(view, clusters, cluster, weights);
    }

    static void MostAttended(in TokenView view, Span<int> medoids)
    {
        Span<float> scores = view.Count <= 2048 ? stackalloc float[view.Count] : new float[view.Count];
        ClassAttentionScore.Instance.Score(view, scores);
        Clusters.Largest(scores[view.Prefix..], medoids);
    }

    static void Farthest(PatchDistances distances, int first, Span<int> medoids)
    {
        Span<float> away = distances.Count <= 2048 ? stackalloc float[distances.Count] : new float[distances.Count];
        away.Fill(float.PositiveInfinity);
        for (int k = 0; k < medoids.Length; k++)
        {
            int next = k == 0 ? first : away.IndexOf(Similarity.Largest(away));
            medoids[k] = next;
            ReadOnlySpan<float> from = distances.From(next);
            for (int i = 0; i < away.Length; i++)
                away[i] = MathF.Min(away[i], from[i]);
            away[next] = -1; // never again, not even where patches are equal
        }

        medoids.Sort();
    }

    /// <summary>Replaces medoids by the patch of their cluster whose distances from its others sum to least; a medoid keeps its place
    /// where another is no better (of two patches neither is), and other ties go to the lower index.</summary>
    /// <returns>Whether one was replaced.</returns>
    static bool Choose(PatchDistances distances, ReadOnlySpan<int> cluster, Span<int> medoids)
    {
        Span<float> least = medoids.Length <= 2048 ? stackalloc float[medoids.Length] : new float[medoids.Length];
        Span<int> best = medoids.Length <= 2048 ? stackalloc int[medoids.Length] : new int[medoids.Length];
        least.Fill(float.PositiveInfinity);
        medoids.CopyTo(best);
        for (int i = 0; i < cluster.Length; i++)
        {
            ReadOnlySpan<float> from = distances.From(i);
            float sum = 0;
            for (int j = 0; j < cluster.Length; j++)
                if (cluster[j] == cluster[i])
                    sum += MathF.Sqrt(from[j]);
            if (sum < least[cluster[i]] || (sum == least[cluster[i]] && medoids[cluster[i]] == i))
                (least[cluster[i]], best[cluster[i]]) = (sum, i);
        }

        best.Sort();
        bool changed = !best.SequenceEqual(medoids);
        best.CopyTo(medoids);
        return changed;
    }

    // After the block before the one in front of which the other methods act: the same tokens, and its attention is there to look at.
    static TokenPlan Plan(int depth, int patches, double rate) =>
        TokenBudgets.Geometric("k-medoids", depth, patches, rate, _ => new KMedoids(), TokenPosition.AfterBlock);
}
