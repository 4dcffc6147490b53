using System.Collections.Immutable;
using Secateur.Models.Checkpoints;
using Secateur.Models.Vit;

namespace Secateur.Evaluation.Transfer;

/// <summary>A network's weights with another classifier, or with none. A classifier of a distillation token goes too.</summary>
public static class HeadWeights
{
    /// <summary>The network without a classifier: it answers what a classifier reads, pooled and after the norm.</summary>
    /// <param name="network">The network.</param>
    /// <returns>Runs as it does, on the same threads.</returns>
    public static VisionTransformer Without(VisionTransformer network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Build(network, null, []);
    }

    /// <summary>The network with another classifier.</summary>
    /// <param name="network">The network.</param>
    /// <param name="head">The classifier.</param>
    /// <param name="names">Of its classes.</param>
    /// <returns>Runs as it does, on the same threads.</returns>
    public static VisionTransformer With(VisionTransformer network, LinearHead head, ImmutableArray<string> names)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(head);
        return Build(network, head, names);
    }

    static VisionTransformer Build(VisionTransformer network, LinearHead? head, ImmutableArray<string> names)
    {
        var weights = new TensorTable("network with another classifier");
        network.VisitWeights((name, shape, read) =>
        {
            if (!name.StartsWith("head.", StringComparison.Ordinal) && !name.StartsWith("head_dist.", StringComparison.Ordinal))
                weights.Add(name, shape, read);
        });
        if (head is not null)
        {
            weights.Add("head.weight", [head.Weights.Length, head.Weights[0].Length], to => head.Weights.SelectMany(row => row).ToArray().CopyTo(to));
            weights.Add("head.bias", [head.Bias.Length], to => head.Bias.CopyTo(to));
        }

        return new(network.Config with { Labels = names }, weights, new() { Threads = network.Threads, ImageSize = network.ImageSize });
    }
}
