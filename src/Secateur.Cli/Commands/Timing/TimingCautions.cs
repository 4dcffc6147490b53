using Secateur.Evaluation.Timing;

namespace Secateur.Cli.Commands.Timing;

/// <summary>What to mind about times.</summary>
internal static class TimingCautions
{
    /// <summary>Threads that wait for longer, or a control that is less sure, say that the machine was busy.</summary>
    const double MostWaited = 0.05, MostNoise = 0.05;

    /// <summary>A sentence for each thing.</summary>
    /// <param name="timing">What was timed in turn.</param>
    /// <param name="batch">How many in a run.</param>
    public static IEnumerable<string> Of(SideBySide timing, int batch)
    {
        if (timing.Rounds < SideBySide.FewestRounds)
            yield return $"{timing.Rounds} rounds say nothing about a difference; at least {SideBySide.FewestRounds} do, and a hundred are better";
        if (timing.Waited > MostWaited)
            yield return $"the machine was busy: threads had to wait for a core {timing.Waited:0%} of the time at batch {batch}. Ratios bear that, times do not; time again on a quiet machine";
        if (timing.Noise > MostNoise)
            yield return $"the machine was noisy: dense against itself reaches from {timing.Control.Low:0.00} to {timing.Control.High:0.00} at batch {batch}, and smaller differences cannot be seen. More rounds help, or a quiet machine";
        if (!timing.Steady)
            yield return $"times were still falling after {timing.WarmUp} rounds to warm up at batch {batch}; what was measured may be too slow";
    }
}
