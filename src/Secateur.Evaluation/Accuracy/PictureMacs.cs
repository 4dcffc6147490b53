using System.Collections.Immutable;
using Secateur.Models;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Evaluation.Accuracy;

/// <summary>Counts the multiply-adds of every picture of one run, as <see cref="MacCounter"/> does for all of them together.</summary>
/// <param name="network">The network that runs.</param>
/// <param name="plan">The plan that it runs under.</param>
internal sealed class PictureMacs(VisionTransformer network, TokenPlan plan) : RunObserver
{
    readonly ImmutableArray<BlockShape> blocks = network.Blocks;
    readonly long outer = network.OuterMacs.Embedding + network.OuterMacs.Head;
    long[] macs = [], selection = [];

    /// <summary>Multiply-adds of a picture of the batch, with patch embedding, classifier and selection.</summary>
    public long this[int sequence] => macs[sequence] + selection[sequence];

    /// <summary>Those of them that selection took.</summary>
    public long Selection(int sequence) => selection[sequence];

    public override void OnEmbedding(TokenRows tokens)
    {
        if (macs.Length < tokens.Sequences)
            (macs, selection) = (new long[tokens.Sequences], new long[tokens.Sequences]);
        macs.AsSpan().Fill(outer);
        selection.AsSpan().Clear();
    }

    public override void OnAttention(int block, TokenRows tokens)
    {
        for (int s = 0; s < tokens.Sequences; s++)
            macs[s] += blocks[block].AttentionMacs(tokens.Offsets[s + 1] - tokens.Offsets[s], network.Width, tokens.ActiveHeads(s, blocks[block].Heads));
    }

    public override void OnMlp(int block, TokenRows tokens)
    {
        for (int s = 0; s < tokens.Sequences; s++)
            macs[s] += blocks[block].MlpMacs(tokens.Offsets[s + 1] - tokens.Offsets[s], network.Width);
    }

    public override void OnSelection(int stage, TokenRows tokens)
    {
        TokenStage acting = plan.Stages[stage];
        for (int s = 0; s < tokens.Sequences; s++)
            selection[s] += acting.SelectionMacs(new(tokens.Offsets[s + 1] - tokens.Offsets[s], network.PrefixTokens, network.Width, blocks[acting.Block]));
    }
}
