using Secateur.Models.Tokens;
using static Secateur.Compression.Tokens.TokenOptions<Secateur.Compression.Tokens.CentreMaskOptions>;

namespace Secateur.Compression.Tokens;

/// <summary>How far a patch is from the middle of the picture.</summary>
public enum CentreNorm
{
    /// <summary>Rows and columns added up: what stays is a diamond.</summary>
    L1,

    /// <summary>As the crow flies: a disc.</summary>
    L2,

    /// <summary>The larger of rows and columns: a square.</summary>
    Linf,
}

/// <summary>What <see cref="CentreMask"/> may be told.</summary>
public sealed record CentreMaskOptions
{
    /// <summary>What far is.</summary>
    public CentreNorm Norm { get; init; } = CentreNorm.L2;
}

/// <summary>
/// The fixed mask of Haurum, Escalera, Taylor and Moeslund, "Which Tokens to Use? Investigating Token Reduction in Vision Transformers",
/// ICCV Workshops 2023: the patches farthest from the middle of the picture go, whatever they show. A baseline that a method must beat.
/// </summary>
/// <param name="options">Null for the defaults.</param>
public sealed class CentreMask(CentreMaskOptions? options = null) : ITokenReducer
{
    /// <summary>What it was told.</summary>
    public CentreMaskOptions Options { get; } = options ?? new();

    /// <inheritdoc/>
    public TokenSignals Needs => TokenSignals.None;

    internal static TokenMethod Entry { get; } = new TokenMethod<CentreMask, CentreMaskOptions>(
        options => new(options), reducer => reducer.Options, new(),
        [Choice("norm", "how far a patch is from the middle", o => o.Norm, (o, v) => o with { Norm = v })])
    {
        Name = "centre-mask",
        Title = "Centre mask",
        Citation = "the fixed masks of: Haurum, Escalera, Taylor and Moeslund, \"Which Tokens to Use? Investigating Token Reduction in Vision Transformers\", ICCV Workshops 2023, arXiv 2308.04657",
        Drops = true,
        DependsOnPlace = true, // among patches equally far
        DefaultPlan = (_, _) => Plan(.7),
        Family = (_, _, strength) => Plan(1 - (.9 * strength)),
    };

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The view does not say where its patches are from.</exception>
    public TokenMap Reduce(in TokenView view, int remove)
    {
        if (remove > 0 && view.Places.Length != view.Count)
            throw new InvalidOperationException("The centre mask needs to know where patches are from; this view has no places.");

        // 1. How near each patch is to the middle, in half patches, so that the numbers are whole.
        Span<float> nearness = view.Count <= 2048 ? stackalloc float[view.Count] : new float[view.Count];
        for (int i = view.Prefix; remove > 0 && i < nearness.Length; i++)
        {
            (int down, int right) = CentreOffset.Of(view, i);
            nearness[i] = -Distance(down, right);
        }

        // 2. The nearest stay, in their order.
        return Survivors.Keep(view, [], remove, nearness);
    }

    // Of L2 the square: it changes no order.
    int Distance(int down, int right) => Options.Norm switch
    {
        CentreNorm.L1 => Math.Abs(down) + Math.Abs(right),
        CentreNorm.L2 => (down * down) + (right * right),
        _ => Math.Max(Math.Abs(down), Math.Abs(right)),
    };

    static TokenPlan Plan(double keep) => new("centre-mask", [new(0, TokenPosition.BeforeBlock, new CentreMask()) { Keep = Math.Round(keep, 6) }]);
}
