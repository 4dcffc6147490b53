using Secateur.Evaluation.Timing;
using Secateur.Tests.Profiling;

namespace Secateur.Tests.Timing;

/// <summary>Timings made up for tests.</summary>
internal static class Timings
{
    /// <summary>Every key of the file has a value of its own.</summary>
    public static PlanTiming Faster { get; } = new()
    {
        Architecture = "vit_small_for_tests",
        Weights = new('a', 64),
        Name = "zero-tprune",
        Device = Profiles.Device,
        Threads = 2,
        Batch = 4,
        Rounds = 100,
        WarmUp = 12,
        Steady = true,
        Waited = 0.03125,
        Dense = new(8, 9, 10),
        Plan = new(5, 6, 7),
        Speedup = new(1.6, 1.55, 1.65),
        Control = new(1.001, 0.99, 1.01),
        DenseStages = new(0.5, 3, 4, 0, 0.25) { Error = 0.0125 },
        PlanStages = new(0.75, 1.5, 2, 0.625, 0.125) { Error = 0.025 },
    };
}
