using System.Diagnostics;

namespace Secateur.Cli.Commands.Evaluating;

/// <summary>How far all cells together are. What was there before counts as done, but not for the rate.</summary>
/// <param name="line">Where it is shown.</param>
/// <param name="cells">How many there are.</param>
/// <param name="pictures">Of each.</param>
internal sealed class EvalProgress(ProgressLine line, int cells, int pictures) : IDisposable
{
    readonly long start = Stopwatch.GetTimestamp();
    int begun;
    double seconds;

    /// <summary>Pictures that ran in this process.</summary>
    public int Count { get; private set; }

    /// <summary>Pictures that ran in this process a second; null where none did.</summary>
    public double? Rate => Count > 0 && seconds > 0 ? Count / seconds : null;

    /// <summary>The progress of the next cell: told what it has before it runs, then how far it is.</summary>
    public IProgress<int> Begin()
    {
        line.Total = checked(cells * pictures);
        return new Cell(this, line, begun++ * pictures);
    }

    /// <inheritdoc/>
    public void Dispose() => line.Dispose();

    sealed class Cell(EvalProgress all, ProgressLine line, int first) : IProgress<int>
    {
        int? before;

        public void Report(int value)
        {
            if (before is null)
                (before, line.Before) = (value, first + value - all.Count);
            else
                (all.Count, all.seconds) = (first + value - line.Before, Stopwatch.GetElapsedTime(all.start).TotalSeconds);
            line.Report(first + value);
        }
    }
}
