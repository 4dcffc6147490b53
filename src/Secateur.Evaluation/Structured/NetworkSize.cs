using Secateur.Models;

namespace Secateur.Evaluation.Structured;

/// <summary>How large a network is.</summary>
/// <param name="Parameters">Numbers in its weights.</param>
/// <param name="Macs">Multiply-adds of one example as executed, in the mean.</param>
public sealed record NetworkSize(long Parameters, double Macs)
{
    /// <summary>Runs a network to count.</summary>
    /// <param name="network">The network.</param>
    /// <param name="examples">What it is run on.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Its size.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static NetworkSize Of(Transformer network, ExampleBatch examples, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        long parameters = 0;
        network.VisitWeights((_, shape, _) => parameters += shape.Aggregate(1L, (product, length) => product * length));
        return new(parameters, ExecutedMacs.Of(network, examples, cancellation));
    }
}
