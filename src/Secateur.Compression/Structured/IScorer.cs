namespace Secateur.Compression.Structured;

/// <summary>Says how much each head and neuron matters.</summary>
public interface IScorer
{
    /// <summary>Scores every unit. Deterministic: the same calibration gives the same scores, whatever the number of threads.</summary>
    /// <param name="calibration">The network and what it looks at.</param>
    /// <param name="progress">Told the part that is done, in [0, 1]; default: nobody.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>A larger score is kept first.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    UnitScores Score(Calibration calibration, IProgress<double>? progress = null, CancellationToken cancellation = default);
}
