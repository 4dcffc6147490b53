using System.Diagnostics;
using Secateur.Models.Tokens;

namespace Secateur.Benchmarks.Pruning;

/// <summary>A method with a watch: how long its decisions take.</summary>
internal sealed class TimedReducer(ITokenReducer inner) : ITokenReducer
{
    long ticks;

    public TokenSignals Needs => inner.Needs;

    public bool ProportionalAttention => inner.ProportionalAttention;

    public bool Remembers => inner.Remembers;

    public bool Adaptive => inner.Adaptive;

    public bool DependsOnBatch => inner.DependsOnBatch;

    public int CountToRemove(int patches, double keep) => inner.CountToRemove(patches, keep);

    public int MostToRemove(int patches) => inner.MostToRemove(patches);

    public TokenMap Reduce(in TokenView view, int remove)
    {
        long start = Stopwatch.GetTimestamp();
        TokenMap map = inner.Reduce(view, remove);
        Interlocked.Add(ref ticks, Stopwatch.GetTimestamp() - start);
        return map;
    }

    /// <summary>Milliseconds since this was last asked.</summary>
    public double TakeMilliseconds() => Interlocked.Exchange(ref ticks, 0) * 1000.0 / Stopwatch.Frequency;
}
