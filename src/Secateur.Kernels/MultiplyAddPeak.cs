using System.Diagnostics;
using Secateur.Kernels.Simd;

namespace Secateur.Kernels;

/// <summary>What the cores could do at the moment: multiply-adds that never leave the registers, on the same workers as the networks.</summary>
public sealed class MultiplyAddPeak
{
    readonly Threads threads;
    readonly Func<long, float> chains;
    readonly double operations;
    readonly long rounds;

    /// <summary>Finds how long its pieces of work are to be.</summary>
    /// <param name="kernels">The width of the registers.</param>
    /// <param name="threads">Who works.</param>
    public MultiplyAddPeak(KernelSet kernels, Threads threads)
    {
        ArgumentNullException.ThrowIfNull(kernels);
        ArgumentNullException.ThrowIfNull(threads);
        this.threads = threads;
        (chains, operations) = kernels.Lanes switch
        {
            16 => ((Func<long, float>)MultiplyAddChains<Simd512>.Run, MultiplyAddChains<Simd512>.OperationsARound),
            8 => (MultiplyAddChains<Simd256>.Run, MultiplyAddChains<Simd256>.OperationsARound),
            4 => (MultiplyAddChains<Simd128>.Run, MultiplyAddChains<Simd128>.OperationsARound),
            _ => (MultiplyAddChains<SimdScalar>.Run, MultiplyAddChains<SimdScalar>.OperationsARound),
        };
        rounds = 1000;
        double once = Enumerable.Range(0, 5).Min(_ => Seconds(1));
        rounds = Math.Max(1, (long)(rounds * 0.5e-3 / once)); // a task of half a millisecond
    }

    /// <summary>Runs for about this long.</summary>
    /// <param name="seconds">How long, if nobody disturbs it.</param>
    /// <returns>10^9 operations a second; a multiply-add is two.</returns>
    public double Measure(double seconds)
    {
        int tasks = threads.Count * Math.Max(4, (int)(seconds / 0.5e-3));
        return tasks * rounds * operations / Seconds(tasks) / 1e9;
    }

    double Seconds(int tasks)
    {
        long start = Stopwatch.GetTimestamp();
        threads.For(tasks, new Work(chains, rounds));
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    readonly struct Work(Func<long, float> chains, long rounds) : IWork
    {
        public void Run(int task, int worker) => chains(rounds);
    }
}
