using System.Collections.Immutable;
using Secateur.Models;

namespace Secateur.Compression.Structured;

/// <summary>Carries out a plan: takes heads and neurons out of the weights and works corrections into what stays.</summary>
public static class Surgeon
{
    /// <summary>Makes the smaller network.</summary>
    /// <param name="network">Stays as it is.</param>
    /// <param name="plan">What stays of it.</param>
    /// <returns>A network of the same kind; where a plan keeps everything and corrects nothing, with the same weights bit for bit.</returns>
    /// <exception cref="ArgumentException">The plan is of another network.</exception>
    public static Transformer Apply(Transformer network, StructurePlan plan)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(plan);
        if (Misfit(network, plan) is { } misfit)
            throw new ArgumentException(misfit, nameof(plan));
        var weights = new PrunedWeights();
        network.VisitWeights((name, shape, read) => weights.Add(name, shape, read));
        for (int i = 0; i < network.Depth; i++)
            Operate(weights, $"blocks.{i}", network.Blocks[i], plan.Layers[i], network.Width);
        return network.WithWeights(weights);
    }

    /// <summary>Why a plan cannot be of this network; null where it can.</summary>
    internal static string? Misfit(Transformer network, StructurePlan plan)
    {
        if (plan.Layers.Length != network.Depth)
            return $"The plan has {plan.Layers.Length} layers; the network has {network.Depth} blocks.";
        for (int i = 0; i < network.Depth; i++)
            if ((Misfit(i, "heads", plan.Layers[i].Heads, network.Blocks[i].Heads, plan.Layers[i].HeadScales, plan.Layers[i].AttentionBias, network.Width)
                ?? Misfit(i, "neurons", plan.Layers[i].Neurons, network.Blocks[i].Neurons, plan.Layers[i].NeuronScales, plan.Layers[i].MlpBias, network.Width)) is { } misfit)
                return misfit;
        return null;
    }

    static string? Misfit(int block, string what, ImmutableArray<int> kept, int there, ImmutableArray<float> scales, ImmutableArray<float> bias, int width)
    {
        for (int i = 0; i < kept.Length; i++)
            if ((uint)kept[i] >= (uint)there || (i > 0 && kept[i] <= kept[i - 1]))
                return $"Layer {block} of the plan keeps {what} that are not ascending numbers below {there}.";
        if (scales.Length is not 0 && scales.Length != kept.Length)
            return $"Layer {block} of the plan keeps {kept.Length} {what} and scales {scales.Length}.";
        return bias.Length is 0 || bias.Length == width ? null : $"Layer {block} of the plan corrects a bias of {bias.Length} floats; the network has {width}.";
    }

    static void Operate(PrunedWeights weights, string block, BlockShape shape, LayerPlan plan, int width)
    {
        int[] columns = [.. plan.Heads.SelectMany(head => Enumerable.Range(head * shape.HeadDim, shape.HeadDim))];
        int all = shape.Heads * shape.HeadDim;
        int[] rows = [.. columns, .. columns.Select(c => all + c), .. columns.Select(c => (2 * all) + c)];
        weights.KeepRows($"{block}.attn.qkv", rows);
        weights.KeepColumns($"{block}.attn.proj", columns, [.. plan.HeadScales.SelectMany(scale => Enumerable.Repeat(scale, shape.HeadDim))]);
        weights.AddBias($"{block}.attn.proj", plan.AttentionBias, width);
        weights.KeepRows($"{block}.mlp.fc1", shape.Gated ? [.. plan.Neurons, .. plan.Neurons.Select(j => shape.Neurons + j)] : [.. plan.Neurons]);
        weights.KeepColumns($"{block}.mlp.fc2", [.. plan.Neurons], [.. plan.NeuronScales]);
        weights.AddBias($"{block}.mlp.fc2", plan.MlpBias, width);
    }
}
