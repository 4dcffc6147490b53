namespace Secateur.Compression.Structured.Correct;

/// <summary>Makes up for nothing: the plan as the allocator chose it.</summary>
public sealed class Uncorrected : ICorrector
{
    /// <inheritdoc/>
    public StructurePlan Correct(StructurePlan plan, Calibration calibration, IProgress<double>? progress = null, CancellationToken cancellation = default) => plan;
}
