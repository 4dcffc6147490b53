using System.Runtime.InteropServices;

namespace Secateur.Kernels;

/// <content>What a worker does: waits for a round, joins it, takes tasks, leaves.</content>
public sealed unsafe partial class Threads
{
    void TakeTasks(int worker)
    {
        try
        {
            // Its own share first: what one call wrote near a core, the next call is likely to read there. Then what others have left.
            for (int i = 0; i < Count; i++)
            {
                int share = worker + i < Count ? worker + i : worker + i - Count, end = First(share + 1);
                ref int next = ref nextTask[(share + 1) * Line];
                for (int task; Volatile.Read(ref next) < end && (task = Interlocked.Increment(ref next) - 1) < end;)
                    run(work, task, worker);
            }
        }
#pragma warning disable CA1031 // handed to the caller
        catch (Exception e)
#pragma warning restore CA1031
        {
            failures[worker] = e;
            for (int i = 0; i < Count; i++)
                Interlocked.Exchange(ref nextTask[(i + 1) * Line], tasks);
        }
    }

    /// <summary>Each worker's share of the tasks begins here: equal runs of neighbours.</summary>
    int First(int worker) => (int)((long)tasks * worker / Count);

    AggregateException? TakeFailures()
    {
        foreach (Exception? failure in failures)
            if (failure is not null)
            {
                var all = new AggregateException(failures.OfType<Exception>());
                Array.Clear(failures);
                return all;
            }

        return null;
    }

    void Serve(int worker)
    {
        long seen = 0;
        var wait = new Patience();
        while (!stopped)
        {
            long state = Volatile.Read(ref hot.State), round = state >> 32;
            if ((state & Open) == 0 || round == seen)
            {
                if (wait.IsOver)
                {
                    workers[worker].Park(new Idle(this, seen));
                    wait = default;
                }

                wait.Once();
                continue;
            }

            if (Interlocked.CompareExchange(ref hot.State, state + 1, state) != state)
                continue;
            seen = round;
            TakeTasks(worker);
            Interlocked.Decrement(ref hot.State);
            wait = default;
        }
    }

    bool HasNothingFor(long seen)
    {
        long state = Volatile.Read(ref hot.State);
        return !stopped && ((state & Open) == 0 || state >> 32 == seen);
    }

    readonly struct Idle(Threads pool, long seen) : Parking.IReason
    {
        public bool Holds => pool.HasNothingFor(seen);
    }

    /// <summary>The word that all threads write, on cache lines of its own.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    struct Hot
    {
        [FieldOffset(128)]
        public long State;
    }
}
