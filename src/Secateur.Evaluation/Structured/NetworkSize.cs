using Secateur.Models;

namespace Secateur.Evaluation.Structured;

/// <summary>How large a network is.</summary>
/// <param name="Parameters">Numbers in its weights.</param>
/// <param name="Macs">Multiply-adds of one example as executed, in the mean.</param>
public sealed record NetworkSize(long Parameters, double Macs)
{
    const int Batch = 32;

    /// <summary>Runs a network to count.</summary>
    /// <param name="network">The network.</param>
    /// <param name="examples">What it is run on.</param>
    /// <param name="which">Indices of examples.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Its size.</returns>
    /// <exception cref="InvalidDataException">None can be read.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static NetworkSize Of(Transformer network, IExamples examples, IReadOnlyCollection<int> which, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(which);
        double macs = 0;
        int count = 0;
        foreach (int[] some in which.Chunk(Batch))
            if (examples.Read(some) is { Count: > 0 } batch)
                (macs, count) = (macs + (batch.Count * ExecutedMacs.Of(network, batch, cancellation)), count + batch.Count);
        return count > 0 ? new(CountParameters(network), macs / count) : throw new InvalidDataException($"{examples.Name}: none of the {examples.What} can be read.");
    }

    /// <summary>Counts the numbers in a network's weights.</summary>
    /// <param name="network">The network.</param>
    /// <returns>Those of blocks, embedding and head.</returns>
    public static long CountParameters(Transformer network)
    {
        ArgumentNullException.ThrowIfNull(network);
        long parameters = 0;
        network.VisitWeights((_, shape, _) => parameters += shape.Aggregate(1L, (product, length) => product * length));
        return parameters;
    }
}
