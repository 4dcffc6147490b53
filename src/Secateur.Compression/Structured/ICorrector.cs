namespace Secateur.Compression.Structured;

/// <summary>Makes up for what a plan removes.</summary>
public interface ICorrector
{
    /// <summary>Corrects a plan: it may exchange units for others that cost the same, scale what stays, and add to biases.</summary>
    /// <param name="plan">What an allocator chose.</param>
    /// <param name="calibration">The unpruned network and what it looks at.</param>
    /// <param name="progress">Told the part that is done, in [0, 1]; default: nobody.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>A plan of the same cost.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    StructurePlan Correct(StructurePlan plan, Calibration calibration, IProgress<double>? progress = null, CancellationToken cancellation = default);
}
