using System.Collections.Immutable;
using Secateur.Compression.Structured;
using Secateur.Kernels;
using Secateur.Models;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Structured;

/// <summary>The way back through whole networks against finite differences.</summary>
public sealed class MaskGradientTests
{
    // A central difference over 2h: rounding of logits near 1 leaves 1e-6 / h, the third derivative h^2.
    const float Step = 0.02f;
    const float TokenStep = 0.002f; // in every float of every token at once

    public static TheoryData<string> Networks => GradientNetworks.Names;

    [Theory]
    [MemberData(nameof(Networks))]
    public void Gradients_of_masks_are_finite_differences_of_scaled_units(string name)
    {
        Transformer network = GradientNetworks.Load(name, out TokenRows tokens);
        (float[][] heads, float[][] neurons, _) = Gradients(network, tokens);
        float largest = heads.Concat(neurons).SelectMany(row => row).Max(MathF.Abs), tolerance = (name == "bert-rectified" ? 2e-2f : 2e-3f) * largest; // a step may cross a kink
        for (int block = 0; block < network.Depth; block++)
        {
            for (int h = 0; h < heads[block].Length; h++)
                Assert.Equal(Slope(block, h, true), heads[block][h], tolerance);
            for (int j = 0; j < neurons[block].Length; j += 1 + (neurons[block].Length / 9))
                Assert.Equal(Slope(block, j, false), neurons[block][j], tolerance);
        }

        float Slope(int block, int unit, bool head) => (Value(Scaled(block, unit, head, 1 + Step), tokens) - Value(Scaled(block, unit, head, 1 - Step), tokens)) / (2 * Step);

        Transformer Scaled(int block, int unit, bool head, float scale)
        {
            StructurePlan plan = StructurePlan.Whole(network);
            LayerPlan layer = plan.Layers[block];
            ImmutableArray<float> scales = [.. (head ? layer.Heads : layer.Neurons).Select(i => i == unit ? scale : 1)];
            layer = head ? layer with { HeadScales = scales } : layer with { NeuronScales = scales };
            return Surgeon.Apply(network, plan with { Layers = plan.Layers.SetItem(block, layer) });
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Gradients_of_tokens_are_finite_differences_along_any_direction(string name)
    {
        Transformer network = GradientNetworks.Load(name, out TokenRows tokens);
        Matrix gradient = Gradients(network, tokens).Tokens;
        for (int seed = 0; seed < 5; seed++)
        {
            float[] direction = Direction(tokens, seed);
            double expected = 0, size = 0;
            for (int i = 0; i < gradient.Rows; i++)
                for (int c = 0; c < gradient.Columns; c++)
                {
                    expected += (double)gradient.Row(i)[c] * direction[(i * gradient.Columns) + c];
                    size += gradient.Row(i)[c] * gradient.Row(i)[c];
                }

            float slope = (Value(network, Moved(tokens, direction, TokenStep)) - Value(network, Moved(tokens, direction, -TokenStep))) / (2 * TokenStep);
            Assert.Equal(expected, slope, 5e-3 * (Math.Sqrt(size) + 0.01)); // a direction of unit floats: the slope is about sqrt(size)
        }
    }

    [Fact]
    public void Threads_and_register_widths_agree()
    {
        Transformer one = TinyNetworks.Load("tiny-vit", threads: Threads.Inline);
        TokenRows tokens = GradientNetworks.Tokens((VisionTransformer)one);
        (float[][] heads, float[][] neurons, _) = Gradients(one, tokens);
        using var pool = new Threads(3);
        (float[][] headsAgain, float[][] neuronsAgain, _) = Gradients(TinyNetworks.Load("tiny-vit", threads: pool), tokens);
        Assert.Equal(heads, headsAgain);
        Assert.Equal(neurons, neuronsAgain);
        foreach (KernelSet set in KernelSet.Supported)
        {
            float[][] other = Gradients(TinyNetworks.Load("tiny-vit", set), tokens).Neurons;
            for (int block = 0; block < other.Length; block++)
                for (int j = 0; j < other[block].Length; j++)
                    Assert.Equal(neurons[block][j], other[block][j], 1e-4f * neurons[block].Max(MathF.Abs)); // sums of norms and softmax in another order
        }
    }

    [Fact]
    public void A_block_shows_what_a_run_computes()
    {
        VisionTransformer network = TinyNetworks.Load("tiny-vit");
        TokenRows tokens = GradientNetworks.Tokens(network);
        var seen = new BlockActivations();
        network.Look(0, tokens, seen);
        var run = new TokenRows(tokens.Sequences, tokens.Count, network.Width);
        run.CopyFrom(tokens);
        var first = new FirstBlock();
        network.RunBlocks(run, 0, new float[tokens.Sequences * network.Classes], first);
        Assert.Equal(first.Row, seen.Output.Row(3).ToArray()); // the same operations
        Assert.Throws<ArgumentException>(() => network.Backward(1, seen, run.Rows, run.Rows, Matrix.Allocate(2, 2), Matrix.Allocate(2, 2)));
        Assert.Throws<ArgumentException>(() => network.ReadWeight("blocks.9.attn"));
        Assert.Equal(network.Width * network.Width * 3, network.ReadWeight("blocks.0.attn.qkv.weight").Length);
    }

    sealed class FirstBlock : RunObserver
    {
        public float[] Row { get; private set; } = [];

        public override void OnBlock(int block, TokenRows tokens)
        {
            if (block == 0)
                Row = tokens.Rows.Row(3).ToArray();
        }
    }

    /// <summary>The gradient of <see cref="Value"/>.</summary>
    static (float[][] Heads, float[][] Neurons, Matrix Tokens) Gradients(Transformer network, TokenRows tokens)
    {
        var rooms = new BlockActivations[network.Depth];
        var state = new TokenRows(tokens.Sequences, tokens.Count, network.Width);
        state.CopyFrom(tokens);
        for (int i = 0; i < network.Depth; i++)
        {
            network.Look(i, state, rooms[i] = new());
            for (int row = 0; row < state.Count; row++)
                rooms[i].Output.Row(row).CopyTo(state.Rows.Row(row));
        }

        int answers = network.Answers(tokens);
        float[] weights = Weights(answers * network.Classes);
        Matrix logits = Matrix.Allocate(answers, network.Classes), gradient = Matrix.Allocate(tokens.Count, network.Width);
        for (int i = 0; i < weights.Length; i++)
            logits.Row(i / network.Classes)[i % network.Classes] = weights[i];
        network.HeadBackward(state, logits, gradient);
        float[][] heads = new float[network.Depth][], neurons = new float[network.Depth][];
        for (int i = network.Depth - 1; i >= 0; i--)
        {
            Matrix h = Matrix.Allocate(tokens.Sequences, network.Blocks[i].Heads), n = Matrix.Allocate(tokens.Sequences, network.Blocks[i].Neurons);
            network.Backward(i, rooms[i], gradient, gradient, h, n);
            (heads[i], neurons[i]) = (Sum(h), Sum(n));
        }

        return (heads, neurons, gradient);
    }

    static float[] Sum(Matrix rows) => [.. Enumerable.Range(0, rows.Columns).Select(c => Enumerable.Range(0, rows.Rows).Sum(r => rows.Row(r)[c]))];

    /// <summary>A fixed linear function of the logits.</summary>
    static float Value(Transformer network, TokenRows tokens)
    {
        var state = new TokenRows(tokens.Sequences, tokens.Count, network.Width);
        state.CopyFrom(tokens);
        var logits = new float[network.Answers(tokens) * network.Classes];
        network.RunBlocks(state, 0, logits);
        return (float)logits.Zip(Weights(logits.Length), (a, b) => (double)a * b).Sum();
    }

    static float[] Weights(int n)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, n).Select(_ => (float)((random.NextDouble() * 2) - 1))];
    }

    static float[] Direction(TokenRows tokens, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, tokens.Count * tokens.Rows.Columns).Select(_ => random.Next(2) == 0 ? -1f : 1f)];
    }

    static TokenRows Moved(TokenRows tokens, float[] direction, float step)
    {
        var moved = new TokenRows(tokens.Sequences, tokens.Count, tokens.Rows.Columns);
        moved.CopyFrom(tokens);
        for (int i = 0; i < moved.Count; i++)
            for (int c = 0; c < tokens.Rows.Columns; c++)
                moved.Rows.Row(i)[c] += step * direction[(i * tokens.Rows.Columns) + c];
        return moved;
    }
}
