using Secateur.Models.Tokens;
using static Secateur.Compression.Tokens.TokenOptions<Secateur.Compression.Tokens.DynamicVitOptions>;

namespace Secateur.Compression.Tokens;

/// <summary>What <see cref="DynamicVit"/> may be told.</summary>
public sealed record DynamicVitOptions
{
    /// <summary>Draws the scores.</summary>
    public int Seed { get; init; }
}

/// <summary>
/// DynamicViT without training (Rao, Zhao, Liu, Lu, Zhou, Hsieh, "DynamicViT: Efficient Vision Transformers with Dynamic Token
/// Sparsification", NeurIPS 2021): its predictor has learned nothing, so that its scores are drawn. A baseline that a method must beat.
/// </summary>
/// <remarks>Every sequence of as many tokens gets the same scores, so that a result depends neither on the batch nor on the order of the images.</remarks>
/// <param name="options">Null for the defaults.</param>
public sealed class DynamicVit(DynamicVitOptions? options = null) : ITokenReducer
{
    /// <summary>What it was told.</summary>
    public DynamicVitOptions Options { get; } = options ?? new();

    /// <inheritdoc/>
    public TokenSignals Needs => TokenSignals.None;

    internal static TokenMethod Entry { get; } = new TokenMethod<DynamicVit, DynamicVitOptions>(
        options => new(options), reducer => reducer.Options, new(),
        [Whole("seed", int.MinValue, int.MaxValue, "draws the scores of the untrained predictor", o => o.Seed, (o, v) => o with { Seed = v })])
    {
        Name = "dynamic-vit-untrained",
        Title = "DynamicViT without training",
        Citation = "Rao, Zhao, Liu, Lu, Zhou and Hsieh, \"DynamicViT: Efficient Vision Transformers with Dynamic Token Sparsification\", NeurIPS 2021, arXiv 2106.02034",
        Drops = true,
        DependsOnPlace = true,
        Draws = true,
        DefaultPlan = (depth, patches) => Plan(depth, patches, .7),
        Family = (depth, patches, strength) => Plan(depth, patches, 1 - (.8 * strength)),
    };

    /// <inheritdoc/>
    public TokenMap Reduce(in TokenView view, int remove)
    {
        // 1. The keep logits of a predictor that has seen nothing.
        Span<float> logits = view.Count <= 2048 ? stackalloc float[view.Count] : new float[view.Count];
        var random = new Random(Options.Seed);
        for (int i = view.Prefix; i < logits.Length; i++)
            logits[i] = random.NextSingle();

        // 2. The patches with the largest stay, in their order.
        return Survivors.Keep(view, [], remove, logits);
    }

    // Another draw at each place.
    static TokenPlan Plan(int depth, int patches, double rate) =>
        TokenBudgets.Geometric("dynamic-vit-untrained", depth, patches, rate, place => new DynamicVit(new() { Seed = place }));
}
