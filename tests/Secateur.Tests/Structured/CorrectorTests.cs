using System.Collections.Immutable;
using Secateur.Compression.Structured;
using Secateur.Compression.Structured.Correct;
using Secateur.Compression.Structured.Score;
using Secateur.Models;

namespace Secateur.Tests.Structured;

public sealed class CorrectorTests
{
    [Theory]
    [InlineData("timm/augreg-vit")]
    [InlineData("timm/dinov2-giant-swiglu")]
    public void A_unit_whose_output_never_changes_is_replaced_by_a_bias(string name)
    {
        // Neuron 3 of block 1 is made constant: its incoming weights are 0, and its bias (of a gated one, both) is what it is.
        StructuredCase on = StructuredCase.Load(name);
        Transformer network = on.WithConstantNeuron(1, 3);
        Calibration calibration = on.Calibration with { Network = network };
        StructurePlan whole = StructurePlan.Whole(network), plan = whole with { Layers = whole.Layers.SetItem(1, whole.Layers[1] with { Neurons = whole.Layers[1].Neurons.Remove(3) }) };
        StructurePlan corrected = new BiasCompensation().Correct(plan, calibration);
        Assert.NotEmpty(corrected.Layers[1].MlpBias);
        float[] expected = on.Answers(network), none = on.Answers(Surgeon.Apply(network, plan)), answers = on.Answers(Surgeon.Apply(network, corrected));
        Assert.InRange(Vit.TinyNetworks.Difference(expected, answers), 0, 1e-5); // a mean of equal numbers, rounded
        Assert.NotInRange(Vit.TinyNetworks.Difference(expected, none), 0, 1e-4);
    }

    [Theory]
    [InlineData("timm/augreg-vit")]
    [InlineData("timm/dinov2-giant-swiglu")]
    public void Half_of_a_unit_that_is_there_twice_is_made_up_for_by_a_scale_of_two(string name)
    {
        // Heads 0 and 1 of block 0 are made the same, as are neurons 0 and 1: removing one of each is undone exactly.
        StructuredCase on = StructuredCase.Load(name);
        Transformer network = on.WithTwins(0);
        Calibration calibration = on.Calibration with { Network = network };
        StructurePlan whole = StructurePlan.Whole(network);
        LayerPlan layer = whole.Layers[0];
        StructurePlan plan = whole with { Layers = whole.Layers.SetItem(0, layer with { Heads = layer.Heads.Remove(1), Neurons = layer.Neurons.Remove(1) }) };
        StructurePlan corrected = new Rescale(new() { Damping = 1e-7 }).Correct(plan, calibration);
        Assert.Equal(2, corrected.Layers[0].HeadScales[0], 1e-2f);
        Assert.Equal(2, corrected.Layers[0].NeuronScales[0], 1e-2f);
        Assert.All(corrected.Layers[0].HeadScales.Skip(1), scale => Assert.Equal(1, scale, 1e-2f));
        Assert.InRange(Vit.TinyNetworks.Difference(on.Answers(network), on.Answers(Surgeon.Apply(network, corrected))), 0, 1e-3); // damped least squares of float32 sums
    }

    [Fact]
    public void Corrections_bring_answers_nearer_to_the_whole_network()
    {
        StructuredCase on = StructuredCase.Load("timm/augreg-vit");
        StructurePlan whole = StructurePlan.Whole(on.Network);
        ImmutableArray<LayerPlan> layers = [.. whole.Layers.Select(layer => layer with { Heads = [.. layer.Heads.Skip(1)], Neurons = [.. layer.Neurons.Where(j => j % 2 == 0)] })];
        StructurePlan plan = new(layers);
        float[] expected = on.Answers(on.Network);
        double none = Distance(plan), bias = Distance(new BiasCompensation().Correct(plan, on.Calibration));
        double rescaled = Distance(new Rescale().Correct(plan, on.Calibration)), both = Distance(new Rescale(new() { Intercept = true }).Correct(plan, on.Calibration));
        Assert.InRange(bias, 0, none);
        Assert.InRange(rescaled, 0, none);
        Assert.InRange(both, 0, Math.Min(bias, rescaled));

        double Distance(StructurePlan candidate) => expected.Zip(on.Answers(Surgeon.Apply(on.Network, candidate)), (a, b) => (a - b) * (a - b)).Sum();
    }

    [Fact]
    public void A_plan_that_is_its_own_teacher_needs_no_rescaling()
    {
        StructuredCase on = StructuredCase.Load("timm/augreg-vit");
        StructurePlan larger = Third(on, j => j % 3 > 0);
        Assert.Equal(StructurePlanFile.Print(larger), StructurePlanFile.Print(new Rescale(new() { Teacher = larger }).Correct(larger, on.Calibration)));
    }

    [Fact]
    public void Where_a_scale_leaves_the_limit_the_released_code_stops_and_ours_pulls_harder()
    {
        // Of every block the one neuron that adds least stays: to imitate all of them it would have to grow beyond ten times.
        StructuredCase on = StructuredCase.Load("timm/augreg-vit");
        UnitScores norms = new ActivationNorm().Score(on.Calibration);
        StructurePlan plan = new([.. StructurePlan.Whole(on.Network).Layers.Select((layer, i) => layer with { Neurons = [Array.IndexOf(norms.Neurons[i], norms.Neurons[i].Min())] })]);
        var loose = new RescaleOptions { Damping = 1e-9 };
        StructurePlan ours = new Rescale(loose).Correct(plan, on.Calibration), released = new Rescale(loose with { StopsAtLimit = true }).Correct(plan, on.Calibration);
        Assert.All(ours.Layers, layer => Assert.All(layer.NeuronScales, scale => Assert.InRange(scale, -10, 10)));
        Assert.All(ours.Layers, layer => Assert.NotEmpty(layer.NeuronScales));
        Assert.Contains(released.Layers, layer => layer.NeuronScales.IsEmpty);
    }

    [Fact]
    public void Correcting_can_be_stopped()
    {
        StructuredCase on = StructuredCase.Load("timm/augreg-vit");
        StructurePlan plan = Third(on, j => j % 3 == 1);
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Assert.Throws<OperationCanceledException>(() => new Rescale().Correct(plan, on.Calibration, cancellation: stopped.Token));
        Assert.Throws<OperationCanceledException>(() => new BiasCompensation().Correct(plan, on.Calibration, cancellation: stopped.Token));
    }

    static StructurePlan Third(StructuredCase on, Func<int, bool> stays) =>
        new([.. StructurePlan.Whole(on.Network).Layers.Select(layer => layer with { Neurons = [.. layer.Neurons.Where(stays)] })]);
}
