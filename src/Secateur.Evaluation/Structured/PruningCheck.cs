using System.Collections.Immutable;
using Secateur.Evaluation.Timing;

namespace Secateur.Evaluation.Structured;

/// <summary>Whether a pruned network is what it was pruned for: smaller by count and faster by the clock.</summary>
/// <param name="Dense">The network before.</param>
/// <param name="Pruned">The network afterwards.</param>
/// <param name="Timing">Both timed in turn; null where nobody asked.</param>
public sealed record PruningCheck(NetworkSize Dense, NetworkSize Pruned, NetworkTiming? Timing)
{
    /// <summary>What did not go down, a sentence each; empty where everything did.</summary>
    public ImmutableArray<string> Failures
    {
        get
        {
            var failures = ImmutableArray.CreateBuilder<string>();
            if (Pruned.Parameters >= Dense.Parameters)
                failures.Add($"parameters did not go down: {Pruned.Parameters:N0}, and {Dense.Parameters:N0} before");
            if (Pruned.Macs >= Dense.Macs)
                failures.Add($"multiply-adds did not go down: {Pruned.Macs / 1e9:0.000} G as executed, and {Dense.Macs / 1e9:0.000} G before");
            if (Timing is { Differs: false } same)
                failures.Add($"latency did not go down beyond the noise: {same.Speedup.Value:0.00}x ({same.Speedup.Low:0.00} to {same.Speedup.High:0.00}, dense against itself {same.Control.Low:0.00} to {same.Control.High:0.00}) is no difference");
            else if (Timing is { Faster: false } slower)
                failures.Add($"latency did not go down: the pruned network is slower, {slower.Speedup.Value:0.00}x ({slower.Speedup.Low:0.00} to {slower.Speedup.High:0.00})");
            return failures.ToImmutable();
        }
    }
}
