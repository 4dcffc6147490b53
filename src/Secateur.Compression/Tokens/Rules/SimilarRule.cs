using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens.Rules;

/// <summary>Of the less important half those go that are most like one of the more important half; the others keep their order (Zero-TPrune's S-stage).</summary>
internal sealed class SimilarRule : ITokenRule
{
    static readonly ZeroTPruneOptions Usual = new();

    public TokenSignals Needs => SimilarityStage.Needs(Usual.Feature);

    public bool Drops => true;

    public int MostToRemove(int patches) => TokenPartition.Candidates(Usual.Partition, patches);

    public long Macs(SelectionShape shape, int remove) => SimilarityStage.Macs(shape, Usual);

    public TokenMap Decide(in TokenView view, ReadOnlySpan<float> scores, int remove)
    {
        var gone = new int[remove];
        SimilarityStage.Run(view, Usual, scores[view.Prefix..], gone);
        return Survivors.Keep(view, gone, 0, []);
    }
}
