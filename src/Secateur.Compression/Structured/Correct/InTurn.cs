namespace Secateur.Compression.Structured.Correct;

/// <summary>One corrector after another, each on the plan of the one before.</summary>
/// <param name="correctors">In this order.</param>
public sealed class InTurn(params ICorrector[] correctors) : ICorrector
{
    /// <inheritdoc/>
    public StructurePlan Correct(StructurePlan plan, Calibration calibration, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        for (int i = 0; i < correctors.Length; i++)
        {
            int done = i;
            plan = correctors[i].Correct(plan, calibration, progress is null ? null : new Part(progress, done, correctors.Length), cancellation);
        }

        return plan;
    }

    sealed class Part(IProgress<double> progress, int done, int of) : IProgress<double>
    {
        public void Report(double value) => progress.Report((done + value) / of);
    }
}
