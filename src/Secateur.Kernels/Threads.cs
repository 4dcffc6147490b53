using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Secateur.Kernels;

/// <summary>Work that <see cref="Threads.For"/> splits: task numbers in any order, on any worker, each exactly once.</summary>
public interface IWork
{
    /// <summary>Does one task.</summary>
    /// <param name="task">Which, from 0.</param>
    /// <param name="worker">Who does it, in [0, <see cref="Threads.Count"/>): the index of a scratch area that no other task of this call uses meanwhile.</param>
    void Run(int task, int worker);
}

/// <summary>
/// The only place that starts threads: a pool of workers that spin briefly for the next piece of work, then park.
/// A call while the pool is busy with another caller's work runs on the caller alone, so that many threads may share one pool;
/// so does a call from inside the pool's own work.
/// </summary>
public sealed unsafe class Threads : IDisposable
{
    const int SpinsBeforeParking = 20_000;

    readonly object busy = new();
    readonly SemaphoreSlim[] parked;
    readonly Worker[] workers;
    readonly Exception?[] failures;
    delegate*<void*, int, int, void> run;
    void* work;
    int tasks;
    int nextTask;
    int working;
    volatile int round;
    volatile bool stopped;

    /// <summary>A pool that uses <paramref name="count"/> threads, the caller's included.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not positive.</exception>
    public Threads(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        Count = count;
        failures = new Exception?[count];
        parked = new SemaphoreSlim[count];
        workers = new Worker[count];
        for (int i = 1; i < count; i++)
        {
            parked[i] = new SemaphoreSlim(0);
            workers[i] = new Worker();
            int worker = i;
#pragma warning disable RS0030 // this is the one place
            new Thread(() => Serve(worker)) { IsBackground = true, Name = $"secateur-{i}" }.Start();
#pragma warning restore RS0030
        }
    }

    /// <summary>The pool for everyone who does not bring one: a thread a core.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "lives as long as the process")]
    public static Threads Shared => SharedPool.Value;

    /// <summary>No pool: everything runs on the caller.</summary>
    public static Threads Inline { get; } = new(1);

    /// <summary>Threads in use, the caller's included.</summary>
    public int Count { get; }

    /// <summary>Runs tasks 0 .. <paramref name="count"/> - 1 and returns when all are done. Allocates nothing.</summary>
    /// <exception cref="AggregateException">A task failed; the others were still run or skipped, none is running any more.</exception>
    public void For<TWork>(int count, TWork body)
        where TWork : struct, IWork
    {
        if (Count == 1 || count <= 1 || Monitor.IsEntered(busy) || !Monitor.TryEnter(busy))
        {
            for (int i = 0; i < count; i++)
                body.Run(i, 0);
            return;
        }

        try
        {
            // The struct stays in this frame, and this frame does not return before every worker has left the work:
            // its address and the references inside it are good for as long as anybody uses them.
            work = Unsafe.AsPointer(ref body);
            run = &Invoke<TWork>;
            tasks = count;
            nextTask = 0;
            working = Count - 1;
            Interlocked.Increment(ref round);
            for (int i = 1; i < Count; i++)
                if (workers[i].Parked)
                    parked[i].Release();
            TakeTasks(0);
            var spin = 0;
            while (Volatile.Read(ref working) > 0)
                if (++spin > SpinsBeforeParking)
                    Thread.Yield();
                else
                    Thread.SpinWait(1);
            ThrowIfFailed();
        }
        finally
        {
            Monitor.Exit(busy);
        }
    }

    /// <summary>Stops the workers.</summary>
    public void Dispose()
    {
        stopped = true;
        for (int i = 1; i < Count; i++)
            parked[i].Release();
    }

    static void Invoke<TWork>(void* body, int task, int worker)
        where TWork : struct, IWork => Unsafe.AsRef<TWork>(body).Run(task, worker);

    void TakeTasks(int worker)
    {
        try
        {
            for (int task; (task = Interlocked.Increment(ref nextTask) - 1) < tasks;)
                run(work, task, worker);
        }
#pragma warning disable CA1031 // handed to the caller
        catch (Exception e)
#pragma warning restore CA1031
        {
            failures[worker] = e;
            Volatile.Write(ref nextTask, tasks);
        }
    }

    void ThrowIfFailed()
    {
        foreach (Exception? failure in failures)
            if (failure is not null)
            {
                var all = new AggregateException(failures.OfType<Exception>());
                Array.Clear(failures);
                throw all;
            }
    }

    void Serve(int worker)
    {
        int seen = 0;
        while (true)
        {
            int spins = 0;
            while (round == seen && !stopped)
            {
                if (++spins < SpinsBeforeParking)
                {
                    Thread.SpinWait(1);
                    continue;
                }

                workers[worker].Parked = true;
                Interlocked.MemoryBarrier();
                if (round == seen && !stopped)
                    parked[worker].Wait();
                workers[worker].Parked = false;
                spins = 0;
            }

            if (stopped)
                return;
            seen++;
            TakeTasks(worker);
            Interlocked.Decrement(ref working);
        }
    }

    sealed class Worker
    {
        public volatile bool Parked;
    }

    static class SharedPool
    {
        internal static readonly Threads Value = new(Environment.ProcessorCount);
    }
}
