using System.Collections.Immutable;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Structured.Score.Optin;

/// <summary>
/// OPTIN (Khaki &amp; Plataniotis, ICLR 2024, section 3) for all units by a few ways back through the network instead of one run for each unit.
/// Both of its losses are squared lengths of changes, and a small change is linear in what a unit adds: L = |A d|^2. For random signs R the mean of
/// (R, A d)^2 is |A d|^2, and (R, A d) is the gradient of (R, A .) with respect to a mask of the unit, which one way back gives for all units at once
/// (Hutchinson's trace estimator, 1990; the gradient with respect to masks as in Michel et al., NeurIPS 2019).
/// </summary>
/// <remarks>Independent signs at every block: products between blocks vanish in the mean, so that one way back carries the losses of all later
/// blocks together. All units see the same directions. Room: what enters every block, and two gradients a probe of 2,048 rows.</remarks>
/// <param name="options">Default: enough directions for a rank correlation with <see cref="ExactOptin"/> above 0.95, given 8 sequences or more.</param>
public sealed class FastOptin(FastOptinOptions? options = null) : IScorer
{
    // What a block computes of so many rows stays near the cores; the gradients of all probes of them are kept.
    const int RowsAtOnce = 2048;

    // Of the time, with the usual options and networks.
    const double ExactPart = 0.7;

    readonly FastOptinOptions options = options ?? new();

    /// <inheritdoc/>
    public UnitScores Score(Calibration calibration, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        if (options.Optin.Compatibility)
            throw new ArgumentException("The fast estimate is one of the paper's definition; the released code's scores are computed exactly only.");
        double back = options.ExactHeads ? 1 - ExactPart : 1;
        ImmutableArray<TokenRows> chunks = CalibrationChunks.Cut(calibration, RowsAtOnce);
        var work = new ProbeRuns(calibration with { Batches = [.. chunks.Select(chunk => new CalibrationBatch(chunk, []))] }, options, cancellation);
        for (int i = 0; i < chunks.Length; i++)
        {
            work.Run(i);
            progress?.Report(back * (i + 1) / chunks.Length);
        }

        if (!options.ExactHeads)
            return OptinImportance.Of(work.HeadLosses, work.NeuronLosses, options.Optin);
        UnitLoss[][] neurons = work.NeuronLosses;
        HashSet<(int Block, int Neuron)> run = NeuronScale.Spread(neurons, options.MeasuredNeurons);
        UnitEffects exact = new ExactOptin(options.Optin).Measure(
            calibration, new(static (_, _) => true, (block, neuron) => run.Contains((block, neuron))), progress is null ? null : new Rest(progress, back), cancellation);
        double scale = NeuronScale.Of(run, exact, neurons);
        return OptinImportance.Of(
            OptinImportance.Losses(exact.Heads), [.. neurons.Select(block => block.Select(loss => loss with { Manifold = scale * loss.Manifold }).ToArray())], options.Optin);
    }

    sealed class Rest(IProgress<double> whole, double done) : IProgress<double>
    {
        public void Report(double value) => whole.Report(done + ((1 - done) * value));
    }
}
