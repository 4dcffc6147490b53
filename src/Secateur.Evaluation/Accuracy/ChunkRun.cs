using System.Runtime.ExceptionServices;
using Secateur.Kernels;

namespace Secateur.Evaluation.Accuracy;

/// <summary>Shares chunks of work out among threads: each takes the next chunk, works on it in a room of its own, and gives it when it is done. No
/// thread waits for another but to give.</summary>
/// <typeparam name="T">What a thread needs to work on one chunk after another.</typeparam>
/// <param name="chunks">Which chunks, in the order in which they are taken.</param>
/// <param name="room">Makes a thread's room.</param>
/// <param name="work">Works on a chunk.</param>
/// <param name="done">Given each room when its chunk is done, in any order, one at a time.</param>
/// <param name="cancellation">Asks to stop: chunks that were begun are finished and given.</param>
internal sealed class ChunkRun<T>(IReadOnlyList<int> chunks, Func<T> room, Action<T, int> work, Action<T> done, CancellationToken cancellation)
{
    readonly Lock giving = new();
    int taken, given;
    volatile bool stopped;

    /// <summary>Runs all of them.</summary>
    /// <param name="threads">Who works.</param>
    /// <exception cref="OperationCanceledException">It was stopped before all chunks were done.</exception>
    public void Run(Threads threads)
    {
        try
        {
            threads.For(Math.Min(threads.Count, chunks.Count), new Workers(this));
        }
        catch (AggregateException e) when (e.InnerExceptions.Count > 0)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        if (given < chunks.Count)
            cancellation.ThrowIfCancellationRequested();
    }

    void Work()
    {
        T own = room();
        while (!stopped && !cancellation.IsCancellationRequested && Interlocked.Increment(ref taken) - 1 is var next && next < chunks.Count)
        {
            try
            {
                work(own, chunks[next]);
                lock (giving)
                {
                    done(own);
                    given++;
                }
            }
            catch
            {
                stopped = true;
                throw;
            }
        }
    }

    readonly struct Workers(ChunkRun<T> run) : IWork
    {
        public void Run(int task, int worker) => run.Work();
    }
}
