using Secateur.Kernels;
using Secateur.Models;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Structured.Correct;

/// <summary>Goes through a network block by block with all batches of a calibration at once, so that a block can be corrected on what the blocks
/// before it, already pruned and corrected, yield.</summary>
internal sealed class BlockWalk
{
    readonly TokenRows[] tokens;
    readonly BlockActivations room = new();

    /// <summary>Stands before the first block.</summary>
    public BlockWalk(Calibration calibration) => tokens = [.. calibration.Batches.Select(batch => batch.Tokens.Copy())];

    /// <summary>Number of batches.</summary>
    public int Batches => tokens.Length;

    /// <summary>The network with one block as a layer plan says and the others empty: all that looking into this block needs.</summary>
    public static Transformer Alone(Transformer network, int block, LayerPlan layer) =>
        Surgeon.Apply(network, new([.. Enumerable.Range(0, network.Depth).Select(i => i == block ? layer : new LayerPlan([], []))]));

    /// <summary>What a block computes of a batch; good until the next look.</summary>
    public BlockActivations Look(Transformer network, int block, int batch)
    {
        network.Look(block, tokens[batch], room);
        return room;
    }

    /// <summary>Goes past a block.</summary>
    public void Pass(Transformer network, int block)
    {
        for (int batch = 0; batch < tokens.Length; batch++)
        {
            Matrix output = Look(network, block, batch).Output;
            for (int i = 0; i < output.Rows; i++)
                output.Row(i).CopyTo(tokens[batch].Rows.Row(i));
        }
    }

    /// <summary>Which rows of a batch matter after a block: those that the head looks at after the last one (the class tokens, where it answers from
    /// these), all of them before.</summary>
    public int[] RowsThatMatter(Transformer network, int block, int batch)
    {
        TokenRows last = tokens[batch];
        if (block < network.Depth - 1)
            return [.. Enumerable.Range(0, last.Count)];
        Matrix logits = Matrix.Allocate(network.Answers(last), network.Classes), gradients = Matrix.Allocate(last.Count, network.Width);
        var random = new Random(1); // so that nothing cancels
        for (int i = 0; i < logits.Rows; i++)
            foreach (ref float logit in logits.Row(i))
                logit = (float)random.NextDouble() + 0.5f;
        network.HeadBackward(last, logits, gradients);
        return [.. Enumerable.Range(0, last.Count).Where(i => gradients.Row(i).ContainsAnyExcept(0f))];
    }
}
