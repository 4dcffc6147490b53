using System.Runtime.ExceptionServices;
using Secateur.Evaluation.Datasets;
using Secateur.Kernels;
using Secateur.Models.Images;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Evaluation.Accuracy;

/// <summary>Takes pictures through a network as fast as the machine can. Every thread of the network's pool takes a chunk of pictures, reads,
/// resizes and runs it on its own core, then takes the next: reading overlaps with the network, no thread waits for another, there are never more
/// threads than the network has, and memory is bounded by a chunk a thread.</summary>
/// <param name="network">The network.</param>
/// <param name="pictures">The pictures.</param>
/// <param name="batch">Pictures in a chunk, which run together; chunks are the same however the work is divided.</param>
public sealed class PictureRun(VisionTransformer network, PictureSet pictures, int batch)
{
    /// <summary>Into how many chunks the pictures are divided.</summary>
    public int Chunks => (int)(((long)pictures.Count + batch - 1) / batch);

    /// <summary>Runs some chunks.</summary>
    /// <param name="plan">Which tokens to compute.</param>
    /// <param name="chunks">Which, in [0, <see cref="Chunks"/>).</param>
    /// <param name="done">Given each chunk when it is done, in any order, one at a time; what it is given is good only during the call.</param>
    /// <param name="cancellation">Asks to stop: chunks that were begun are finished and given.</param>
    /// <exception cref="OperationCanceledException">It was stopped before all chunks were done.</exception>
    public void Run(TokenPlan plan, IReadOnlyList<int> chunks, Action<PictureChunk> done, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(chunks);
        ArgumentNullException.ThrowIfNull(done);
        var state = new State(chunks, plan, done, cancellation);
        try
        {
            network.Threads.For(Math.Min(network.Threads.Count, chunks.Count), new Workers(this, state));
        }
        catch (AggregateException e) when (e.InnerExceptions.Count > 0)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        if (state.Done < chunks.Count)
            cancellation.ThrowIfCancellationRequested();
    }

    void Work(State state)
    {
        var chunk = new PictureChunk(network, state.Plan, pictures.InputLength, Math.Min(batch, pictures.Count));
        while (state.Next() is { } index)
        {
            try
            {
                Read(chunk, index);
                if (chunk.Count > 0)
                    network.Run(chunk.Input, chunk.Count, chunk.WritableLogits, state.Plan, chunk.Macs);
                state.Give(chunk);
            }
            catch
            {
                state.Stop();
                throw;
            }
        }
    }

    void Read(PictureChunk chunk, int index)
    {
        chunk.Begin(index, index * batch);
        for (int picture = chunk.First, end = (int)Math.Min((long)picture + batch, pictures.Count); picture < end; picture++)
        {
            try
            {
                pictures.Read(picture, chunk.NextInput);
                chunk.Add(picture);
            }
            catch (ImageException e)
            {
                chunk.AddBad(new(picture, e.Message));
            }
        }
    }

    /// <summary>What all threads share.</summary>
    sealed class State(IReadOnlyList<int> chunks, TokenPlan plan, Action<PictureChunk> done, CancellationToken cancellation)
    {
        readonly Lock giving = new();
        int taken;
        volatile bool stopped;

        public TokenPlan Plan => plan;

        public int Done { get; private set; }

        public int? Next() => stopped || cancellation.IsCancellationRequested || Interlocked.Increment(ref taken) - 1 is var i && i >= chunks.Count ? null : chunks[i];

        public void Stop() => stopped = true;

        public void Give(PictureChunk chunk)
        {
            lock (giving)
            {
                done(chunk);
                Done++;
            }
        }
    }

    readonly struct Workers(PictureRun run, State state) : IWork
    {
        public void Run(int task, int worker) => run.Work(state);
    }
}
