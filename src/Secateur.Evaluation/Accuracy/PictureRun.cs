using Secateur.Evaluation.Datasets;
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
        new ChunkRun<PictureChunk>(
            chunks,
            () => new(network, plan, pictures.InputLength, Math.Min(batch, pictures.Count)),
            (chunk, index) =>
            {
                Read(chunk, index);
                if (chunk.Count > 0)
                    network.Run(chunk.Input, chunk.Count, chunk.WritableLogits, plan, chunk.Macs);
            },
            done,
            cancellation).Run(network.Threads);
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
}
