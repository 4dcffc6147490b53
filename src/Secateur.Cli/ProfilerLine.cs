using Secateur.Evaluation.Profiling;

namespace Secateur.Cli;

/// <summary>Shows the runs of a profiler as they are done.</summary>
internal sealed class ProfilerLine(ProgressLine line) : IProgress<ProfilerProgress>
{
    /// <inheritdoc/>
    public void Report(ProfilerProgress value)
    {
        line.Total = value.Total;
        line.Report(value.Done);
    }
}
