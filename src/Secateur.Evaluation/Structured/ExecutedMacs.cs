using System.Collections.Immutable;
using Secateur.Models;
using Secateur.Models.Tokens;

namespace Secateur.Evaluation.Structured;

/// <summary>Counts the multiply-adds that a run executes: blocks, embedding and head, as budgets mean them.</summary>
public static class ExecutedMacs
{
    /// <summary>Runs a network and counts.</summary>
    /// <param name="network">The network.</param>
    /// <param name="examples">What it is run on.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Multiply-adds for one example, in the mean.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static double Of(Transformer network, ExampleBatch examples, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(examples);
        TokenRows tokens = examples.Embed(network);
        long outside = Enumerable.Range(0, tokens.Sequences).Sum(s => network.OutsideMacsOf(tokens.Offsets[s + 1] - tokens.Offsets[s]));
        var counter = new Counter(network);
        network.RunBlocks(tokens, 0, new float[network.Answers(tokens) * network.Classes], counter, cancellation);
        return (double)(counter.Macs + outside) / examples.Count;
    }

    sealed class Counter(Transformer network) : RunObserver
    {
        readonly ImmutableArray<BlockShape> blocks = network.Blocks;

        public long Macs { get; private set; }

        public override void OnAttention(int block, TokenRows tokens)
        {
            for (int s = 0; s < tokens.Sequences; s++)
                Macs += blocks[block].AttentionMacs(tokens.Offsets[s + 1] - tokens.Offsets[s], network.Width, blocks[block].Heads);
        }

        public override void OnMlp(int block, TokenRows tokens) => Macs += blocks[block].MlpMacs(tokens.Count, network.Width);
    }
}
