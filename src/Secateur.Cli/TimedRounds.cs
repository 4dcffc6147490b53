using Secateur.Evaluation.Timing;

namespace Secateur.Cli;

/// <summary>Shows timed rounds as they are done.</summary>
/// <param name="line">Where.</param>
internal sealed class TimedRounds(ProgressLine line) : IProgress<TimingProgress>
{
    /// <inheritdoc/>
    public void Report(TimingProgress value)
    {
        line.Total = value.Total;
        line.Report(value.Done);
    }
}
