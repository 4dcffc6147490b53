using Secateur.Compression.Structured;
using Secateur.Compression.Structured.Score.Optin;
using Secateur.Kernels;
using Secateur.Models;
using Secateur.Models.Tokens;

namespace Secateur.Tests.Structured;

/// <summary>Where OPTIN's released code looks and what it leaves masked, under compatibility.</summary>
public sealed class ReleasedOptinTests
{
    static readonly OptinOptions Released = new() { Compatibility = true };

    [Fact]
    public void While_a_head_is_masked_the_last_head_of_every_earlier_block_is_too()
    {
        Calibration calibration = ExactOptinTests.Reference("tiny-bert");
        Transformer network = calibration.Network;
        UnitEffect effect = new ExactOptin(Released).Measure(calibration, new((block, head) => (block, head) == (2, 1), (_, _) => false)).Heads[2][1]!;
        StructurePlan whole = StructurePlan.Whole(network);
        Transformer pruned = Surgeon.Apply(network, new([.. whole.Layers.Select((layer, block) => block < 2 ? layer with { Heads = layer.Heads.Remove(3) } : block == 2 ? layer with { Heads = layer.Heads.Remove(1) } : layer)]));
        (float[] teacher, float[] student) = (Answers(calibration, network), Answers(calibration, pruned));
        double divergence = 16 * Enumerable.Range(0, 2).Sum(text => PlainOptin.Divergence(teacher[(3 * text)..(3 * (text + 1))], student[(3 * text)..(3 * (text + 1))], 1));
        Assert.Equal(1, effect.Answer / divergence, 1e-4); // differences of logits in single precision
    }

    [Fact]
    public void A_language_network_s_features_are_what_the_MLP_s_last_product_yields()
    {
        Calibration calibration = ExactOptinTests.Reference("tiny-bert");
        Transformer network = calibration.Network;
        UnitEffect effect = new ExactOptin(Released).Measure(calibration, new((_, _) => false, (block, neuron) => (block, neuron) == (3, 40))).Neurons[3][40]!;
        TokenRows tokens = Tokens(calibration, network);
        var seen = new BlockActivations();
        for (int block = 0; block < network.Depth; block++)
        {
            network.Look(block, tokens, seen);
            for (int row = 0; row < tokens.Count; row++)
                seen.Output.Row(row).CopyTo(tokens.Rows.Row(row));
        }

        (float[] weight, float[] bias) = (network.ReadWeight("blocks.3.mlp.fc2.weight"), network.ReadWeight("blocks.3.mlp.fc2.bias"));
        double expected = PlainOptin.Manifold(Product(-1), Product(40));
        Assert.Equal(1, effect.Manifold[3] / expected, 1e-3); // the product is had as the difference of two sums in single precision

        Matrix Product(int without)
        {
            var product = Matrix.Allocate(tokens.Count, network.Width);
            for (int row = 0; row < tokens.Count; row++)
            {
                double[] sums = [.. Enumerable.Range(0, network.Width).Select(c => bias[c] + Enumerable.Range(0, 96).Where(j => j != without).Sum(j => (double)seen.Neurons.Row(row)[j] * weight[(c * 96) + j]))];
                double length = Math.Sqrt(sums.Sum(v => v * v));
                for (int c = 0; c < network.Width; c++)
                    product.Row(row)[c] = (float)(sums[c] / length);
            }

            return product;
        }
    }

    [Fact]
    public void A_vision_network_s_features_lie_before_the_unit_in_its_own_block()
    {
        Calibration calibration = ExactOptinTests.Reference("tiny-vit");
        UnitEffects effects = new ExactOptin(Released).Measure(calibration, new((block, head) => block == 0 && head == 1, (block, neuron) => block >= 4 && neuron == 7));
        Assert.Equal(0, effects.Heads[0][1]!.Manifold[0]);
        Assert.True(effects.Heads[0][1]!.Manifold[1] > 0);
        Assert.Equal(0, effects.Neurons[4][7]!.Manifold[4]);
        Assert.True(effects.Neurons[4][7]!.Manifold[5] > 0);
        Assert.Equal(0, effects.Neurons[5][7]!.Manifold[5]);
        Assert.True(effects.Neurons[5][7]!.Answer > 0);
    }

    static TokenRows Tokens(Calibration calibration, Transformer network)
    {
        TokenRows source = calibration.Batches[0].Tokens, tokens = new(source.Sequences, source.Count, network.Width);
        tokens.CopyFrom(source);
        return tokens;
    }

    static float[] Answers(Calibration calibration, Transformer network)
    {
        TokenRows tokens = Tokens(calibration, network);
        var logits = new float[network.Answers(tokens) * network.Classes];
        network.RunBlocks(tokens, 0, logits);
        return logits;
    }
}
