using Secateur.Models.Tokens;
using static Secateur.Compression.Tokens.TokenOptions<Secateur.Compression.Tokens.ToMeOptions>;

namespace Secateur.Compression.Tokens;

/// <summary>Which tokens may merge (sources), and with whom (destinations).</summary>
public enum ToMeMatching
{
    /// <summary>Every second token is a source, the others are destinations.</summary>
    Bipartite,

    /// <summary>Every k-th patch is a destination, the others are sources.</summary>
    Kth,

    /// <summary>As many sources as go, drawn at random; the others are destinations.</summary>
    Random,
}

/// <summary>What <see cref="ToMe"/> may be told.</summary>
public sealed record ToMeOptions
{
    /// <summary>Who is a source.</summary>
    public ToMeMatching Matching { get; init; } = ToMeMatching.Bipartite;

    /// <summary>Of <see cref="ToMeMatching.Kth"/>: every so manieth patch is a destination.</summary>
    public int Every { get; init; } = 4;

    /// <summary>Of <see cref="ToMeMatching.Random"/>: draws the sources.</summary>
    public int Seed { get; init; }

    /// <summary>Whether merged tokens weigh as many in later attention as they stand for.</summary>
    public bool ProportionalAttention { get; init; } = true;
}

/// <summary>
/// Token merging (Bolya et al., "Token Merging: Your ViT But Faster", ICLR 2023, arXiv 2210.09461). Between attention and MLP of every
/// block the r tokens whose keys are most like those of a token of the other half merge with it, weighted by how many they stand for.
/// </summary>
public sealed partial class ToMe : ITokenReducer
{
    const string Paper = "Bolya, Fu, Dai, Zhang, Feichtenhofer and Hoffman, \"Token Merging: Your ViT But Faster\", ICLR 2023, arXiv 2210.09461";

    /// <summary>A merging layer.</summary>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">Every first patch would be a destination, so that there are no sources.</exception>
    public ToMe(ToMeOptions? options = null)
    {
        Options = options ?? new();
        ArgumentOutOfRangeException.ThrowIfLessThan(Options.Every, 2);
    }

    /// <summary>What this merging layer was told.</summary>
    public ToMeOptions Options { get; }

    /// <inheritdoc/>
    public TokenSignals Needs => TokenSignals.QueryKeyValue;

    /// <inheritdoc/>
    public bool ProportionalAttention => Options.ProportionalAttention;

    /// <inheritdoc/>
    public int MostToRemove(int patches) => Options.Matching switch
    {
        ToMeMatching.Bipartite => patches / 2,
        ToMeMatching.Kth => patches < Options.Every ? 0 : patches - (patches / Options.Every),
        _ => Math.Max(0, patches - 1),
    };

    /// <inheritdoc/>
    public TokenMap Reduce(in TokenView view, int remove)
    {
        remove = Math.Min(remove, MostToRemove(view.Patches));
        if (remove == 0)
            return TokenMap.Identity(view.Count);

        // 1. Two groups of patches.
        Span<int> patches = view.Patches <= 2048 ? stackalloc int[view.Patches] : new int[view.Patches];
        int sources = Split(view, remove, patches);

        // 2. For every source, the destination whose key (mean over heads) is most like its own.
        var keys = new TokenFeatures(view, SimilarityFeature.Key, FeatureHeads.Mean, unit: true);
        using var matching = new BipartiteMatching(view, keys, patches[..sources], patches[sources..]);

        // 3. The r most similar merge: the mean of each group, weighted by size.
        return matching.Merge(view, remove);
    }

    /// <summary>The matching of mean keys, and the merges.</summary>
    /// <inheritdoc/>
    public long SelectionMacs(SelectionShape shape, int remove)
    {
        remove = Math.Min(remove, MostToRemove(shape.Patches));
        int sources = Options.Matching switch
        {
            ToMeMatching.Bipartite => BipartiteMatching.Sources(shape.Tokens, shape.Prefix),
            ToMeMatching.Kth => MostToRemove(shape.Patches),
            _ => remove,
        };
        return remove == 0 ? 0 : BipartiteMatching.Macs(shape, sources, shape.Patches - sources) + ((long)remove * shape.Width);
    }

    // Sources first, each group rising.
    int Split(in TokenView view, int remove, Span<int> patches)
    {
        if (Options.Matching == ToMeMatching.Bipartite)
            return BipartiteMatching.Halves(view, patches);
        if (Options.Matching == ToMeMatching.Random)
        {
            for (int i = 0; i < patches.Length; i++)
                patches[i] = view.Prefix + i;
            new Random(Options.Seed).Shuffle(patches);
            patches[..remove].Sort();
            patches[remove..].Sort();
            return remove;
        }

        int sources = MostToRemove(patches.Length), a = 0, b = sources;
        for (int i = 0; i < patches.Length; i++)
            patches[(i + 1) % Options.Every == 0 ? b++ : a++] = view.Prefix + i;
        return sources;
    }

    internal static TokenMethod Entry { get; } = new TokenMethod<ToMe, ToMeOptions>(
        options => new(options), reducer => reducer.Options, new(),
        [
            Choice("matching", "who may merge with whom", o => o.Matching, (o, v) => o with { Matching = v }),
            Whole("every", 2, 1_000_000, "of the kth matching: every so manieth patch is a destination", o => o.Every, (o, v) => o with { Every = v }).When("matching is kth", o => o.Matching == ToMeMatching.Kth),
            Whole("seed", int.MinValue, int.MaxValue, "of the random matching: draws who merges", o => o.Seed, (o, v) => o with { Seed = v }).When("matching is random", o => o.Matching == ToMeMatching.Random),
            Flag("proportional-attention", "whether merged tokens weigh as many in attention as they stand for", o => o.ProportionalAttention, (o, v) => o with { ProportionalAttention = v }),
        ])
    {
        Name = "tome",
        Title = "ToMe",
        Citation = Paper,
        DependsOnPlace = true,
        DefaultPlan = (depth, patches) => Constant("tome", depth, patches, 13),
        Family = (depth, patches, strength) => Constant("tome", depth, patches, 20 * strength),
    };
}
