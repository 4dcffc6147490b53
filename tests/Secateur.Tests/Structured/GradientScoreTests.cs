using System.Collections.Immutable;
using Secateur.Compression.Structured;
using Secateur.Compression.Structured.Score;
using Secateur.Compression.Structured.Score.Optin;
using Secateur.Kernels;
using Secateur.Models;
using Secateur.Models.Bert;
using Secateur.Models.Text;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Tests.Bert;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Structured;

/// <summary>Scores that come from ways back through the network.</summary>
public sealed class GradientScoreTests
{
    public static TheoryData<string> Networks => ["tiny-vit", "tiny-bert"];

    // 0.9 where trained networks have 0.99: with random weights neurons are of nearly equal worth, so that the spread of 4 directions and
    // 16 sequences (a fifth of a score) swaps neighbours more often.
    [Theory]
    [MemberData(nameof(Networks))]
    public void The_fast_estimate_ranks_neurons_as_the_exact_scores_do_and_heads_are_exact(string name)
    {
        Calibration calibration = Load(name, 16);

        // A balanced lambda would depend on the estimates of the neurons.
        var plain = new OptinOptions { Balances = false, Lambda = 0.1 };
        UnitScores exact = new ExactOptin(plain).Score(calibration), fast = new FastOptin(new() { Optin = plain }).Score(calibration);
        Assert.InRange(Spearman([.. exact.Neurons.SelectMany(row => row)], [.. fast.Neurons.SelectMany(row => row)]), 0.9, 1);
        Assert.Equal(exact.Heads, fast.Heads);
    }

    // The products of different sequences are left out and moves are not all small: without the measured factor the sums are off. The factor has the
    // spread of a few neurons' estimates, one a block here, so that several draws are held together.
    [Theory]
    [MemberData(nameof(Networks))]
    public void Neurons_stand_on_the_scale_of_heads(string name)
    {
        const int Draws = 8;
        Calibration calibration = Load(name, 16);
        var plain = new OptinOptions { Balances = false, Lambda = 0 };
        double exact = Sum(new ExactOptin(plain).Score(calibration)), bare = 0, scaled = 0;
        for (int seed = 0; seed < Draws; seed++)
        {
            var options = new FastOptinOptions { Optin = plain, Probes = 8, AnswerProbes = 1, Seed = seed };
            bare += Sum(new FastOptin(options with { MeasuredNeurons = 0 }).Score(calibration)) / exact / Draws;
            scaled += Sum(new FastOptin(options).Score(calibration)) / exact / Draws;
        }

        Assert.InRange(scaled, 0.95, 1.05);
        Assert.True(Math.Abs(scaled - 1) < Math.Abs(bare - 1), $"{bare} of the exact losses became {scaled}");

        static double Sum(UnitScores scores) => scores.Neurons.Sum(block => block.Sum(score => (double)score));
    }

    [Fact]
    public void Its_mean_over_directions_is_the_exact_loss_of_a_small_change()
    {
        // One sequence, for which nothing is left out. 1,000 directions leave 4 to 5 % of spread in each estimate; a neuron of these networks
        // is a small change, whose third order adds as much.
        Calibration calibration = Load("tiny-vit", 1);
        UnitScores exact = new ExactOptin().Score(calibration), fast = new FastOptin(new() { Probes = 1000, AnswerProbes = 1000 }).Score(calibration);
        for (int block = 0; block < exact.Neurons.Length; block++)
            Assert.InRange(fast.Neurons[block].Sum() / exact.Neurons[block].Sum(), 0.85, 1.15);
    }

    [Fact]
    public void Threads_do_not_change_the_estimate()
    {
        Calibration calibration = Load("tiny-vit", 4);
        var options = new FastOptinOptions { Probes = 4, AnswerProbes = 2, ExactHeads = false };
        UnitScores one = new FastOptin(options).Score(calibration with { Network = TinyNetworks.Load("tiny-vit", threads: Threads.Inline) });
        using var pool = new Threads(3);
        UnitScores three = new FastOptin(options).Score(calibration with { Network = TinyNetworks.Load("tiny-vit", threads: pool) });
        Assert.Equal(one.Neurons, three.Neurons);
        Assert.Equal(one.Heads, three.Heads);
        Assert.Throws<ArgumentException>(() => new FastOptin(options with { Optin = new() { Compatibility = true } }).Score(calibration));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Taylor_is_the_first_order_change_of_the_loss_and_fisher_its_square(string name)
    {
        Calibration calibration = Load(name, 1);
        UnitScores taylor = new Taylor().Score(calibration), fisher = new Fisher().Score(calibration), batches = new Fisher(batches: true).Score(calibration);
        Transformer network = calibration.Network;
        const float step = 0.05f;
        float largest = taylor.Neurons.SelectMany(row => row).Max();
        for (int block = 0; block < network.Depth; block++)
            for (int j = 0; j < taylor.Neurons[block].Length; j++)
            {
                Assert.Equal(taylor.Neurons[block][j] * taylor.Neurons[block][j], fisher.Neurons[block][j], 1e-5f * largest * largest);
                Assert.Equal(fisher.Neurons[block][j], batches.Neurons[block][j], 1e-5f * largest * largest); // one sequence
                if (j % 11 != 0)
                    continue;
                double slope = (Loss(Scaled(network, block, j, 1 + step), network, calibration) - Loss(Scaled(network, block, j, 1 - step), network, calibration)) / (2 * step);
                Assert.Equal(Math.Abs(slope), taylor.Neurons[block][j], 5e-3 * largest + 2e-5); // third order, and rounding of the loss over the step
            }
    }

    [Fact]
    public void Labels_are_used_where_they_are_known()
    {
        Calibration calibration = Load("tiny-vit", 3);
        UnitScores own = new Taylor().Score(calibration);
        ImmutableArray<int> answers = [.. Enumerable.Range(0, 3).Select(i => Array.IndexOf(Answer(calibration.Network, calibration, i), Answer(calibration.Network, calibration, i).Max()))];
        Assert.Equal(own.Neurons, new Taylor().Score(Labelled(answers)).Neurons);
        Assert.NotEqual(own.Neurons, new Taylor().Score(Labelled([.. answers.Select(label => (label + 1) % calibration.Network.Classes)])).Neurons);

        Calibration Labelled(ImmutableArray<int> labels) => calibration with { Batches = [calibration.Batches[0] with { Labels = labels }] };
    }

    static Transformer Scaled(Transformer network, int block, int neuron, float scale)
    {
        StructurePlan plan = StructurePlan.Whole(network);
        LayerPlan layer = plan.Layers[block] with { NeuronScales = [.. plan.Layers[block].Neurons.Select(i => i == neuron ? scale : 1)] };
        return Surgeon.Apply(network, plan with { Layers = plan.Layers.SetItem(block, layer) });
    }

    /// <summary>Cross-entropy to the whole network's likeliest class.</summary>
    static double Loss(Transformer network, Transformer whole, Calibration calibration)
    {
        float[] answer = Answer(network, calibration, 0), teacher = Answer(whole, calibration, 0);
        return Math.Log(answer.Sum(x => Math.Exp(x))) - answer[Array.IndexOf(teacher, teacher.Max())];
    }

    static float[] Answer(Transformer network, Calibration calibration, int sequence)
    {
        TokenRows tokens = calibration.Batches[0].Tokens, state = new(tokens.Sequences, tokens.Count, network.Width);
        state.CopyFrom(tokens);
        var logits = new float[network.Answers(tokens) * network.Classes];
        network.RunBlocks(state, 0, logits);
        return logits[(sequence * network.Classes)..((sequence + 1) * network.Classes)];
    }

    static Calibration Load(string name, int sequences)
    {
        if (name == "tiny-bert")
        {
            TextTransformer text = TextNetworks.Load(name);
            var draw = new Random(4);
            TextTokens[] texts = [.. Enumerable.Range(0, sequences).Select(i => new TextTokens([.. Enumerable.Range(0, 6 + i).Select(_ => draw.Next(10, 60))], [.. new int[6 + i]]))];
            return new(text, [new(text.Embed(TextBatch.Of(texts)), [])]);
        }

        VisionTransformer network = TinyNetworks.Load(name);
        var random = new Random(4);
        float[] images = [.. Enumerable.Range(0, sequences * network.ImageLength).Select(_ => (float)((random.NextDouble() * 2) - 1))];
        return new(network, [new(network.Embed(images, sequences), [])]);
    }

    static double Spearman(float[] a, float[] b)
    {
        double[] x = Ranks(a), y = Ranks(b);
        double mean = x.Average();
        return x.Zip(y, (p, q) => (p - mean) * (q - mean)).Sum() / x.Sum(p => (p - mean) * (p - mean));

        static double[] Ranks(float[] values)
        {
            var ranks = new double[values.Length];
            int[] order = [.. Enumerable.Range(0, values.Length).OrderBy(i => values[i])];
            for (int i = 0; i < order.Length; i++)
                ranks[order[i]] = i;
            return ranks;
        }
    }
}
