using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens.Rules;

/// <summary>The most important stay, the best first; the others become one token behind them, which counts as one of those that stay (EViT, the tail-effect paper).</summary>
/// <param name="fuse">How they become one; with <see cref="InattentiveFusion.None"/> they go (Top-K).</param>
internal sealed class FuseRule(InattentiveFusion fuse) : ITokenRule
{
    int Fused => fuse == InattentiveFusion.None ? 0 : 1;

    public bool Drops => fuse == InattentiveFusion.None;

    public int MostToRemove(int patches) => Math.Max(0, patches - Fused);

    /// <summary>ceil(rate * patches) stay, and the fused token beside them (EViT).</summary>
    public int CountToRemove(int patches, double keep) => Math.Max(0, patches - (int)Math.Ceiling(keep * patches) - Fused);

    /// <summary>The fused token.</summary>
    public long Macs(SelectionShape shape, int remove) => Fused * (long)remove * shape.Width;

    public TokenMap Decide(in TokenView view, ReadOnlySpan<float> scores, int remove) =>
        Ranking.Fuse(view, scores, view.Patches - remove - Fused, fuse);
}
