using System.Buffers;
using Secateur.Compression.Tokens.Scores;
using Secateur.Models.Tokens;
using static Secateur.Compression.Tokens.TokenOptions<Secateur.Compression.Tokens.EViTOptions>;

namespace Secateur.Compression.Tokens;

/// <summary>What becomes of the tokens that EViT does not keep.</summary>
public enum InattentiveFusion
{
    /// <summary>One token: their sum, each times the class token's attention (the paper's equation 4). It is the smaller the less attention they have.</summary>
    Raw,

    /// <summary>One token: their mean by the class token's attention.</summary>
    Normalised,

    /// <summary>One token: their plain mean.</summary>
    Mean,

    /// <summary>Nothing.</summary>
    None,
}

/// <summary>What <see cref="EViT"/> may be told.</summary>
public sealed record EViTOptions
{
    /// <summary>What becomes of the tokens that are not kept.</summary>
    public InattentiveFusion Fuse { get; init; } = InattentiveFusion.Raw;
}

/// <summary>
/// EViT (Liang et al., "Not All Patches are What You Need: Expediting Vision Transformers via Token Reorganizations", ICLR 2022, arXiv
/// 2202.07800): the patches to which the class token attends most stay, best first; the others are fused into one more token.
/// </summary>
/// <param name="options">Null for the defaults.</param>
public sealed class EViT(EViTOptions? options = null) : ITokenReducer
{
    /// <summary>What it was told.</summary>
    public EViTOptions Options { get; } = options ?? new();

    /// <inheritdoc/>
    public TokenSignals Needs => ClassAttentionScore.Instance.Needs;

    internal static TokenMethod Entry { get; } = new TokenMethod<EViT, EViTOptions>(
        options => new(options), reducer => reducer.Options, new(),
        [Choice("fuse", "what becomes of the tokens that are not kept", o => o.Fuse, (o, v) => o with { Fuse = v })])
    {
        Name = "evit",
        Title = "EViT",
        Citation = "Liang et al., \"Not All Patches are What You Need: Expediting Vision Transformers via Token Reorganizations\", ICLR 2022, arXiv 2202.07800",
        Drops = true,
        DefaultPlan = (depth, _) => Plan("evit", depth, 0.7),
        Family = (depth, _, strength) => Plan("evit", depth, 1 - (0.85 * strength)),
    };

    /// <summary>ceil(rate * patches) are kept (section 3.2); the fused token, where there is one, comes on top.</summary>
    /// <inheritdoc/>
    public int CountToRemove(int patches, double keep) => Math.Max(0, patches - (int)Math.Ceiling(keep * patches) - Fused);

    /// <inheritdoc/>
    public int MostToRemove(int patches) => Math.Max(0, patches - Fused);

    int Fused => Options.Fuse == InattentiveFusion.None ? 0 : 1;

    /// <summary>The fused token alone: what attention yields is only added up and ranked.</summary>
    /// <inheritdoc/>
    public long SelectionMacs(SelectionShape shape, int remove) => Fused * (long)Math.Min(remove, MostToRemove(shape.Patches)) * shape.Width;

    /// <inheritdoc/>
    public TokenMap Reduce(in TokenView view, int remove)
    {
        remove = Math.Min(remove, MostToRemove(view.Patches));
        if (remove == 0)
            return TokenMap.Identity(view.Count);
        float[] lent = ArrayPool<float>.Shared.Rent(view.Count);
        Span<float> scores = lent.AsSpan(0, view.Count);

        // 1. The class token's attention, mean over heads.
        ClassAttentionScore.Instance.Score(view, scores);

        // 2. The k best stay, best first; 3. the others are fused.
        TokenMap map = Ranking.Fuse(view, scores, view.Patches - remove - Fused, Options.Fuse);
        ArrayPool<float>.Shared.Return(lent);
        return map;
    }

    /// <summary>One rate in blocks 3, 6 and 9 of 12 (from 0).</summary>
    internal static TokenPlan Plan(string name, int depth, double rate, InattentiveFusion fuse = InattentiveFusion.Raw)
    {
        var reducer = new EViT(new() { Fuse = fuse });
        return new(name, [.. TokenPlaces.Of12([3, 6, 9], depth).Select(block => new TokenStage(block, TokenPosition.AfterAttention, reducer) { Keep = rate })]);
    }
}
