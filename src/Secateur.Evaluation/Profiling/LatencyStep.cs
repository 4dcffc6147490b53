namespace Secateur.Evaluation.Profiling;

/// <summary>A place at which one more token costs more (or less) than its neighbours: the edge of a wave of work (the tail effect,
/// Eliopoulos et al., 2024, section 3.1).</summary>
/// <param name="Tokens">The last count before the step: where it goes up, the best place to stop pruning.</param>
/// <param name="Next">The next count that was measured; <see cref="Tokens"/> + 1 when the place is known exactly.</param>
/// <param name="Milliseconds">How much the latency changes from the one to the other; negative where more tokens are faster.</param>
/// <param name="Trend">How much of that the slope around it explains, milliseconds.</param>
/// <param name="Noise">The standard error of the change, milliseconds.</param>
public sealed record LatencyStep(int Tokens, int Next, double Milliseconds, double Trend, double Noise);

/// <summary>What one more token costs somewhere.</summary>
/// <param name="Tokens">The count before it.</param>
/// <param name="Next">The count up to which it was looked at.</param>
/// <param name="Milliseconds">Of one token between the two.</param>
public sealed record TokenCost(int Tokens, int Next, double Milliseconds);
