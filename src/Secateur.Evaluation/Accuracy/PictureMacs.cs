using System.Collections.Immutable;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Evaluation.Accuracy;

/// <summary>Counts the multiply-adds of every picture of one run, as <see cref="MacCounter"/> does for all of them together.</summary>
/// <param name="network">The network that runs.</param>
internal sealed class PictureMacs(VisionTransformer network) : RunObserver
{
    readonly ImmutableArray<BlockShape> blocks = network.Blocks;
    readonly long outer = network.OuterMacs.Embedding + network.OuterMacs.Head;
    long[] macs = [];

    /// <summary>Multiply-adds of a picture of the batch, with patch embedding and classifier.</summary>
    public long this[int sequence] => macs[sequence];

    public override void OnEmbedding(TokenRows tokens)
    {
        if (macs.Length < tokens.Sequences)
            macs = new long[tokens.Sequences];
        macs.AsSpan().Fill(outer);
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
}
