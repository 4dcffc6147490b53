namespace Secateur.Kernels;

/// <summary>Where one worker of <see cref="Threads"/> sleeps. Exactly one wake for each sleep: whoever takes the flag back owes it, or needs none.</summary>
internal sealed class Parking
{
    readonly object bed = new();
    int parked;
    bool woken;

    /// <summary>Why a worker sleeps.</summary>
    internal interface IReason
    {
        bool Holds { get; }
    }

    /// <summary>Sleeps until woken, unless the reason has gone.</summary>
    public void Park<TReason>(TReason reason)
        where TReason : struct, IReason
    {
        // A full fence. The waker first makes work, then looks at the flag: one of the two sees the other.
        Interlocked.Exchange(ref parked, 1);
        if (!reason.Holds && Interlocked.Exchange(ref parked, 0) != 0)
            return;
        lock (bed)
        {
            while (!woken)
                Monitor.Wait(bed);
            woken = false;
        }
    }

    /// <summary>Wakes the worker if it sleeps or is about to; a full fence must lie between making work and this call.</summary>
    public void Wake()
    {
        if (Volatile.Read(ref parked) == 0 || Interlocked.Exchange(ref parked, 0) == 0)
            return;
        lock (bed)
        {
            woken = true;
            Monitor.Pulse(bed);
        }
    }
}

/// <summary>Waiting for another thread: tens of microseconds of spinning, then giving way to others, over after about half a millisecond.</summary>
internal struct Patience
{
    const int Spins = 1_000;
    const int Yields = 500;
    int waited;

    /// <summary>Whether it is time to sleep instead.</summary>
    public readonly bool IsOver => waited >= Spins + Yields;

    /// <summary>Waits a moment.</summary>
    public void Once()
    {
        if (waited < Spins)
            Thread.SpinWait(1);
        else
            Thread.Yield();
        if (waited < Spins + Yields)
            waited++;
    }
}
