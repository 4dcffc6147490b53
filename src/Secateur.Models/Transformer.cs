using System.Collections.Concurrent;
using System.Collections.Immutable;
using Secateur.Kernels;
using Secateur.Models.Bert;
using Secateur.Models.Checkpoints;
using Secateur.Models.Layers;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Models;

/// <summary>A transformer encoder, of pictures or of texts: an embedding makes tokens, blocks rework them, a head answers. What follows the
/// embedding is the same for all of them, and so are scoring and pruning of heads and neurons. Immutable; safe to use from many threads.</summary>
public abstract partial class Transformer
{
    readonly ConcurrentBag<(int Rows, BlockBuffers Buffers)> rooms = [];

    private protected Transformer(Engine engine) => Engine = engine;

    internal Engine Engine { get; }

    /// <summary>The blocks, from the embedding to the head.</summary>
    internal abstract IReadOnlyList<Block> BlockList { get; }

    /// <summary>For people: "deit_small_patch16_224", "BertForSequenceClassification".</summary>
    public abstract string Architecture { get; }

    /// <summary>Floats in a token.</summary>
    public abstract int Width { get; }

    /// <summary>Columns of an answer: logits, or features where there is no classifier.</summary>
    public abstract int Classes { get; }

    /// <summary>What those are.</summary>
    public abstract AnswerKind AnswerKind { get; }

    /// <summary>Multiply-adds of embedding and head for one sequence: what no head or neuron has a part in.</summary>
    public abstract long OutsideMacs { get; }

    /// <summary>Multiply-adds of embedding and head for one sequence of this length: more than <see cref="OutsideMacs"/> where each token is classified.</summary>
    /// <param name="tokens">Tokens of the sequence.</param>
    /// <returns>The count.</returns>
    public virtual long OutsideMacsOf(int tokens) => OutsideMacs;

    /// <summary>The threads of a run, the caller's included. A run from one of their own tasks stays on that thread, so that many runs may share them.</summary>
    public Threads Threads => Engine.Threads;

    /// <summary>Number of blocks.</summary>
    public int Depth => BlockList.Count;

    /// <summary>Heads and neurons of every block.</summary>
    public ImmutableArray<BlockShape> Blocks => [.. BlockList.Select(block => block.Shape)];

    /// <summary>Loads a network of either kind, by what the weights are called.</summary>
    /// <param name="path">As <see cref="VitCheckpoint.Open"/> and <see cref="TextCheckpoint.Open"/> take it.</param>
    /// <param name="threads">Who computes; default: <see cref="Threads.Shared"/>, one a core.</param>
    /// <returns>A <see cref="VisionTransformer"/> or a <see cref="TextTransformer"/>.</returns>
    /// <exception cref="CheckpointException">It is no network that is known here, or it is damaged.</exception>
    public static Transformer Load(string path, Threads? threads = null) =>
        TextCheckpoint.Holds(path) ? TextTransformer.Load(path, new() { Threads = threads }) : VisionTransformer.Load(path, new() { Threads = threads });

    /// <summary>Lists the weights under timm names (<c>blocks.0.attn.qkv.weight</c>, ...), in a fixed order, whatever names the file had.</summary>
    /// <param name="found">Receives each weight's name, its shape, and a function that writes its numbers.</param>
    public abstract void VisitWeights(Action<string, ImmutableArray<int>, Action<Span<float>>> found);

    /// <summary>Reads one weight.</summary>
    /// <param name="name">A name of <see cref="VisitWeights"/>: <c>blocks.0.mlp.fc2.weight</c>.</param>
    /// <returns>A copy, row-major.</returns>
    /// <exception cref="ArgumentException">The network has no weight of this name.</exception>
    public float[] ReadWeight(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        float[]? values = null;
        VisitWeights((found, shape, read) =>
        {
            if (found == name)
                read(values = new float[shape.Aggregate(1, (a, b) => a * b)]);
        });
        return values ?? throw new ArgumentException($"There is no weight '{name}' in {Architecture}.", nameof(name));
    }

    /// <summary>The same network with other weights, whose blocks may have other numbers of heads and neurons.</summary>
    /// <param name="weights">Tensors under the names of <see cref="VisitWeights"/>.</param>
    /// <returns>A network that runs as this one does, on the same threads.</returns>
    /// <exception cref="CheckpointException">A weight is missing or misshapen.</exception>
    public abstract Transformer WithWeights(ITensorSource weights);

    /// <summary>Writes a checkpoint folder that loads again.</summary>
    /// <param name="folder">Made if it is missing; files of the same names are replaced, each when it is whole.</param>
    /// <param name="type">How the numbers are kept.</param>
    /// <param name="cancellation">Stops between two weights.</param>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public abstract void Save(string folder, TensorType type = TensorType.F32, CancellationToken cancellation = default);

    /// <summary>How many rows of logits these tokens get: one a sequence, or one a token where the network labels tokens.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <returns>Rows of the answer.</returns>
    public virtual int Answers(TokenRows tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return tokens.Sequences;
    }

    /// <summary>Runs the blocks from one on, then the head: what an embedding is followed by, or a block whose output was changed.</summary>
    /// <param name="tokens">What enters block <paramref name="first"/>; replaced by what leaves the last one.</param>
    /// <param name="first">The first block to run; <see cref="Depth"/> for the head alone.</param>
    /// <param name="logits">Receives [<see cref="Answers"/>, <see cref="Classes"/>].</param>
    /// <param name="observer">Shown the tokens; default: nobody.</param>
    /// <param name="cancellation">Stops between two blocks.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public void RunBlocks(TokenRows tokens, int first, Span<float> logits, RunObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)first, (uint)Depth, nameof(first));
        if (logits.Length != (long)Answers(tokens) * Classes)
            throw new ArgumentException($"{Answers(tokens)} answers have {(long)Answers(tokens) * Classes} logits, not {logits.Length}.", nameof(logits));
        (int Rows, BlockBuffers Buffers) room = Rent(tokens.Count);
        try
        {
            for (int i = first; i < Depth; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                observer?.OnAttention(i, tokens);
                BlockList[i].RunAttention(Engine, tokens, room.Buffers, default, null);
                observer?.OnMlp(i, tokens);
                BlockList[i].AddMlp(Engine, tokens, room.Buffers);
                observer?.OnOutputSum(i, tokens);
                BlockList[i].NormOutput(Engine, tokens.Rows);
                observer?.OnBlock(i, tokens);
            }

            RunHead(tokens, logits);
        }
        finally
        {
            rooms.Add(room);
        }
    }

    /// <summary>From what leaves the last block to logits.</summary>
    private protected abstract void RunHead(TokenRows tokens, Span<float> logits);

    (int Rows, BlockBuffers Buffers) Rent(int rows)
    {
        while (rooms.TryTake(out (int Rows, BlockBuffers Buffers) room))
            if (room.Rows >= rows)
                return room;
        return (rows, new(rows, Width, BlockList));
    }
}
