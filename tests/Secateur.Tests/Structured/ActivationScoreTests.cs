using Secateur.Compression.Structured;
using Secateur.Compression.Structured.Score;
using Secateur.Kernels;
using Secateur.Models;
using Secateur.Models.Tokens;

namespace Secateur.Tests.Structured;

/// <summary>Scores of weights and activations against their formulas.</summary>
public sealed class ActivationScoreTests
{
    [Theory]
    [InlineData("tiny-vit")]
    [InlineData("tiny-bert")]
    public void The_activation_norm_is_the_root_mean_square_times_the_outgoing_magnitudes(string name)
    {
        Calibration calibration = ExactOptinTests.Reference(name);
        UnitScores scores = new ActivationNorm().Score(calibration);
        Column[] head = Head(calibration, 1, 2);
        Column neuron = Neuron(calibration, 1, 33);
        Assert.Equal(1, scores.Heads[1][2] / head.Sum(column => Norm(column) * column.Weights.Sum(Math.Abs)), 1e-5); // float scores
        Assert.Equal(1, scores.Neurons[1][33] / (Norm(neuron) * neuron.Weights.Sum(Math.Abs)), 1e-5);

        static double Norm(Column column) => Math.Sqrt(column.Activations.Average(a => a * a));
    }

    [Theory]
    [InlineData("tiny-vit")]
    [InlineData("tiny-bert")]
    public void Fluctuation_is_the_variance_times_the_squared_weights_standardised_in_a_block_for_each_weight(string name)
    {
        Calibration calibration = ExactOptinTests.Reference(name);
        BlockShape shape = calibration.Network.Blocks[1];
        UnitScores scores = new Fluctuation().Score(calibration);
        double[] columns = Standardised([.. Enumerable.Range(0, shape.Heads).SelectMany(head => Head(calibration, 1, head).Select(Weighted))]);
        double[] heads = [.. columns.Chunk(shape.HeadDim).Select(head => head.Average())];
        double[] neurons = Standardised([.. Enumerable.Range(0, shape.Neurons).Select(neuron => Weighted(Neuron(calibration, 1, neuron)))]);

        // All are moved up by one constant, that of the smallest of all blocks.
        float[] ofHeads = [.. scores.Heads[1].Select(score => score / (4 * shape.HeadDim))], ofNeurons = [.. scores.Neurons[1].Select(score => score / 2)];
        double constant = ofNeurons[33] - neurons[33];
        Assert.Equal(heads.Select(score => score + constant), ofHeads.Select(score => (double)score), Near);
        Assert.Equal(neurons.Select(score => score + constant), ofNeurons.Select(score => (double)score), Near);
        Assert.Equal(0, scores.Heads.Concat(scores.Neurons).SelectMany(block => block).Min());

        static bool Near(double a, double b) => Math.Abs(a - b) < 1e-4; // float scores of some units

        static double Weighted(Column column)
        {
            double mean = column.Activations.Average();
            return column.Activations.Sum(a => (a - mean) * (a - mean)) / (column.Activations.Length - 1) * column.Weights.Sum(w => w * w);
        }

        static double[] Standardised(double[] x)
        {
            double mean = x.Average(), deviation = Math.Sqrt(x.Average(v => (v - mean) * (v - mean)));
            return [.. x.Select(v => (v - mean) / deviation)];
        }
    }

    [Fact]
    public void Magnitude_is_the_sum_of_the_absolute_weights_of_a_unit()
    {
        Calibration calibration = ExactOptinTests.Reference("tiny-vit");
        Transformer network = calibration.Network;
        int width = network.Width;
        UnitScores scores = new Magnitude().Score(calibration);
        float[] into = network.ReadWeight("blocks.1.mlp.fc1.weight"), qkv = network.ReadWeight("blocks.1.attn.qkv.weight");
        Assert.Equal(into.AsSpan(33 * width, width).ToArray().Concat(Neuron(calibration, 1, 33).Weights.Select(w => (float)w)).Sum(Math.Abs), scores.Neurons[1][33], 1e-4f);
        int head = network.Blocks[1].HeadDim * width;
        float[] all = [.. Enumerable.Range(0, 3).SelectMany(part => qkv[((part * width * width) + (2 * head))..((part * width * width) + (3 * head))]), .. Head(calibration, 1, 2).SelectMany(column => column.Weights).Select(w => (float)w)];
        Assert.Equal(all.Sum(Math.Abs), scores.Heads[1][2], 1e-3f);
    }

    // Otherwise a head would be dropped as soon as a neuron, though it costs some dozens of times as much. Within a factor of two: the weights of heads
    // and of neurons are not equally large.
    [Theory]
    [InlineData("magnitude")]
    [InlineData("fluctuation")]
    [InlineData("random")]
    public void A_head_is_weighed_against_as_many_neurons_as_it_has_weights_for(string scorer)
    {
        Calibration calibration = ExactOptinTests.Reference("tiny-vit");
        UnitScores scores = StructuredMethods.Scorers.Single(method => method.Name == scorer).Create().Score(calibration);
        BlockShape shape = calibration.Network.Blocks[0];
        double neurons = 4 * shape.HeadDim / 2;
        Assert.InRange(scores.Heads.SelectMany(block => block).Average() / (neurons * scores.Neurons.SelectMany(block => block).Average()), 0.5, 2);
    }

    [Theory]
    [InlineData("tiny-vit")]
    [InlineData("tiny-bert")]
    public void Scores_do_not_depend_on_how_the_calibration_is_cut_into_batches(string name)
    {
        Calibration calibration = ExactOptinTests.Reference(name);
        TokenRows all = calibration.Batches[0].Tokens;
        Calibration singles = calibration with { Batches = [.. Enumerable.Range(0, all.Sequences).Select(s => new CalibrationBatch(Alone(all, s), []))] };
        foreach (StructuredMethod<IScorer> method in StructuredMethods.Scorers.Where(method => method.Name is "activation-norm" or "fluctuation" or "magnitude" or "random"))
            Assert.Equal(method.Create().Score(calibration).Neurons.SelectMany(x => x), method.Create().Score(singles).Neurons.SelectMany(x => x));
    }

    sealed record Column(double[] Activations, double[] Weights);

    static Column[] Head(Calibration calibration, int block, int head)
    {
        BlockShape shape = calibration.Network.Blocks[block];
        BlockActivations seen = Look(calibration, block);
        return [.. Enumerable.Range(head * shape.HeadDim, shape.HeadDim).Select(column => Of(seen.HeadOutputs, column, calibration.Network.ReadWeight($"blocks.{block}.attn.proj.weight"), calibration.Network.Width))];
    }

    static Column Neuron(Calibration calibration, int block, int neuron) =>
        Of(Look(calibration, block).Neurons, neuron, calibration.Network.ReadWeight($"blocks.{block}.mlp.fc2.weight"), calibration.Network.Width);

    static Column Of(Matrix activations, int column, float[] weight, int width) => new(
        [.. Enumerable.Range(0, activations.Rows).Select(row => (double)activations.Row(row)[column])],
        [.. Enumerable.Range(0, width).Select(c => (double)weight[(c * (weight.Length / width)) + column])]);

    static BlockActivations Look(Calibration calibration, int block)
    {
        TokenRows source = calibration.Batches[0].Tokens, tokens = new(source.Sequences, source.Count, source.Rows.Columns);
        tokens.CopyFrom(source);
        var seen = new BlockActivations();
        for (int i = 0; i <= block; i++)
        {
            calibration.Network.Look(i, tokens, seen);
            for (int row = 0; row < tokens.Count; row++)
                seen.Output.Row(row).CopyTo(tokens.Rows.Row(row));
        }

        return seen;
    }

    static TokenRows Alone(TokenRows all, int sequence)
    {
        Matrix rows = all.Sequence(sequence);
        var one = new TokenRows(1, rows.Rows, rows.Columns);
        one.Reset([rows.Rows]);
        for (int i = 0; i < rows.Rows; i++)
            rows.Row(i).CopyTo(one.Rows.Row(i));
        return one;
    }
}
