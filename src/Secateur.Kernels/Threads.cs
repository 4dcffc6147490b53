using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Secateur.Kernels;

/// <summary>
/// The only place that starts threads: a pool of workers that spin briefly for the next piece of work, then park.
/// Tasks are shared out in equal runs of neighbours, the same for every call, so that rows stay near one core; who is done helps the others.
/// Workers join a piece of work of their own accord; one that comes too late, because it slept or the machine gave its core to somebody
/// else, is not waited for. A call while the pool is busy with another caller's work runs on the caller alone, so that many threads may
/// share one pool; so does a call from inside the pool's own work.
/// </summary>
public sealed unsafe partial class Threads : IDisposable
{
    // The state of the pool in one word, so that joining and closing are one atomic step each: the number of the round in the upper half,
    // below it whether the round is open, and how many workers are inside.
    const long Round = 1L << 32;
    const long Open = 1L << 31;
    const long Inside = Open - 1;

    // Integers in the space of two cache lines: what several threads write lies as far apart.
    const int Line = 32;

    readonly Parking[] workers;
    readonly Exception?[] failures;
    readonly int[] nextTask;
    Hot hot;
    delegate*<void*, int, int, void> run;
    void* work;
    int tasks;
    int busy;
    volatile bool stopped;

    /// <summary>A pool that uses <paramref name="count"/> threads, the caller's included.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not positive.</exception>
    public Threads(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        Count = count;
        failures = new Exception?[count];
        nextTask = new int[(count + 2) * Line];
        workers = new Parking[count];
        for (int i = 1; i < count; i++)
        {
            workers[i] = new Parking();
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
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    /// <exception cref="AggregateException">A task failed; the others were still run or skipped, none is running any more.</exception>
    public void For<TWork>(int count, TWork body)
        where TWork : struct, IWork
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (Count == 1 || count <= 1 || Interlocked.CompareExchange(ref busy, 1, 0) != 0)
        {
            RunInline(count, ref body);
            return;
        }

        // The struct stays in this frame, and this frame does not return before every worker has left the round: its address and the
        // references inside it (the collector sees them here) are good for as long as anybody uses them.
        work = Unsafe.AsPointer(ref body);
        run = &Invoke<TWork>;
        tasks = count;
        for (int i = 0; i < Count; i++)
            nextTask[(i + 1) * Line] = First(i);
        Interlocked.Exchange(ref hot.State, (hot.State & ~(Round - 1)) + Round + Open);
        for (int i = 1, wanted = Math.Min(count, Count); i < wanted; i++)
            workers[i].Wake();
        TakeTasks(0);
        Interlocked.Add(ref hot.State, -Open); // from here on nobody joins
        var wait = new Patience();
        while ((Volatile.Read(ref hot.State) & Inside) != 0)
            wait.Once();
        AggregateException? failed = TakeFailures();
        Volatile.Write(ref busy, 0);
        if (failed is not null)
            throw failed;
    }

    /// <summary>Stops the workers; later calls run on their callers alone.</summary>
    public void Dispose()
    {
        stopped = true;
        Interlocked.MemoryBarrier();
        for (int i = 1; i < Count; i++)
            workers[i].Wake();
    }

    static void Invoke<TWork>(void* body, int task, int worker)
        where TWork : struct, IWork => Unsafe.AsRef<TWork>(body).Run(task, worker);

    static void RunInline<TWork>(int count, ref TWork body)
        where TWork : struct, IWork
    {
        try
        {
            for (int i = 0; i < count; i++)
                body.Run(i, 0);
        }
#pragma warning disable CA1031 // handed to the caller
        catch (Exception e)
#pragma warning restore CA1031
        {
            throw new AggregateException(e);
        }
    }

    static class SharedPool
    {
        internal static readonly Threads Value = new(Environment.ProcessorCount);
    }
}
