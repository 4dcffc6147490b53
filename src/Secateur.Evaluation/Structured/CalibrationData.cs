using System.Collections.Immutable;
using Secateur.Compression.Structured;
using Secateur.Models;

namespace Secateur.Evaluation.Structured;

/// <summary>Makes what a network is looked at with before anything is removed, from pictures or texts.</summary>
public static class CalibrationData
{
    /// <summary>Pictures that OPTIN looks at (released code: one batch of 32).</summary>
    public const int Pictures = 32;

    /// <summary>Sentences that OPTIN looks at (released code: one batch of 128).</summary>
    public const int Texts = 128;

    /// <summary>Reads examples, evenly spread over all of them, since many sets are sorted by class.</summary>
    /// <param name="network">The network.</param>
    /// <param name="examples">At least one of them can be read; damaged ones are left out.</param>
    /// <param name="samples">How many, if there are as many.</param>
    /// <param name="batch">How many run together, at most.</param>
    /// <returns>The calibration; with labels where the examples have them.</returns>
    /// <exception cref="InvalidDataException">None can be read.</exception>
    public static Calibration Of(Transformer network, IExamples examples, int samples, int batch = 32)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        ImmutableArray<CalibrationBatch> batches =
        [
            .. Spread(examples.Count, samples).Chunk(batch).Select(examples.Read).Where(read => read.Count > 0)
                .Select(read => new CalibrationBatch(read.Embed(network), examples.Labelled ? read.Labels : [])),
        ];
        return batches.IsEmpty ? throw new InvalidDataException($"{examples.Name}: none of the {examples.What} that were looked at can be read.") : new(network, batches);
    }

    /// <summary>Multiply-adds of heads, neurons and the rest, at the lengths that were looked at: what "budget" means.</summary>
    /// <param name="calibration">The network and what it looks at.</param>
    /// <returns>The costs.</returns>
    public static StructureCosts Macs(Calibration calibration)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        return StructureCosts.Macs(calibration.Network, calibration.Lengths, calibration.Lengths.Average(tokens => (double)calibration.Network.OutsideMacsOf(tokens)));
    }

    /// <summary>Indices evenly spread over all.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="samples">How many are wanted.</param>
    /// <returns>Ascending, each once.</returns>
    public static IEnumerable<int> Spread(int count, int samples) =>
        Enumerable.Range(0, Math.Min(count, samples)).Select(i => (int)((long)i * count / Math.Min(count, samples)));
}
