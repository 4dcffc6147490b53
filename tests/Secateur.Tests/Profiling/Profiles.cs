using System.Collections.Immutable;
using Secateur.Evaluation;
using Secateur.Evaluation.Profiling;

namespace Secateur.Tests.Profiling;

/// <summary>Latency profiles made up for tests.</summary>
internal static class Profiles
{
    public static readonly DeviceFingerprint Device = new("A Processor", 8, "256", "An OS 1.2", "X64", ".NET 10.0.0");

    /// <summary>A network of two blocks, a prefix token and nine patches; every key of the file has a value of its own.</summary>
    public static LatencyProfile Small { get; } = new()
    {
        Architecture = "vit_small_for_tests",
        WeightsHash = new('a', 64),
        Depth = 2,
        PrefixTokens = 1,
        Patches = 9,
        Runtime = "secateur",
        Threads = 2,
        Device = Device,
        Tool = "1.2.3",
        Finished = true,
        Batches =
        [
            new(1, [Point(2, 1, 0.5, [(0.1, 0.2), (0.05, 0.15)]), Point(6, 3, 1, [(0.5, 0.5), (0.4, 0.6)]), Point(10, 9, 1.5, [(2.5, 1), (2.4, 1.6)])])
            {
                TokenMilliseconds = 0.75,
                Dearest = new(6, 10, 1.5),
                Steps = [new(6, 10, 6, 2.5, 0.125)],
                Widths = new(10, 1.5, [new(2.5, 1), new(2.4, 1.6)], [new(new(2, 8, 12, true), [0, 1],
                    [new(0, new(0.5, 0.25, 0.75), 3), new(1, new(1.5, 1.25, 1.75), 4), new(2, new(2.5, 2, 3), 5)],
                    [new(0, new(0.125, 0.1, 0.15), 6), new(12, new(1, 1, 1.125), 8)], 4)]),
                Samples = [new(0, 10, 9, [new(2.5, 1), new(2.4, 1.6)]), new(1, 2, 1, [])],
            },
            new(4, [new(10, new(30, 29, 31), 5)]),
        ],
    };

    public static LatencyPoint Point(int tokens, double whole, double outside, (double Attention, double Mlp)[] blocks) =>
        new(tokens, new Spread(whole, whole * 0.9, whole * 1.25), 7)
        {
            Outside = outside,
            Blocks = [.. blocks.Select(block => new BlockLatency(block.Attention, block.Mlp))],
        };

    public static ImmutableArray<(int, int)> Constant(int depth, int patches) => [.. Enumerable.Repeat((patches, patches), depth)];
}
