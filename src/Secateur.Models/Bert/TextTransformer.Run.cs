using System.Collections.Concurrent;
using Secateur.Kernels;
using Secateur.Models.Text;
using Secateur.Models.Tokens;

namespace Secateur.Models.Bert;

/// <content>A run: embedding, block after block, head.</content>
public sealed partial class TextTransformer
{
    readonly ConcurrentBag<TextRoom> textRooms = [];
    readonly ConcurrentBag<TextHeadBuffers> headRooms = [];

    /// <summary>Answers texts.</summary>
    /// <param name="batch">The texts.</param>
    /// <returns>[texts, or tokens of all texts where each token is classified; <see cref="Classes"/>].</returns>
    /// <exception cref="ArgumentException">A text is too long, or a token is not in the vocabulary.</exception>
    public float[] Run(TextBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var logits = new float[checked(Answers(batch) * Classes)];
        Run(batch, logits);
        return logits;
    }

    /// <summary>Answers texts. Allocates nothing after the first run of a batch as large.</summary>
    /// <param name="batch">The texts.</param>
    /// <param name="logits">Receives [texts, or tokens of all texts where each token is classified; <see cref="Classes"/>].</param>
    /// <param name="observer">Shown the tokens; default: nobody.</param>
    /// <param name="cancellation">Stops between two blocks.</param>
    /// <exception cref="ArgumentException">A length does not fit, a text is too long, or a token is not in the vocabulary.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public void Run(TextBatch batch, Span<float> logits, RunObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        RequireLengths(batch);
        TextRoom room = Rent(batch);
        try
        {
            Embed(batch, room);
            observer?.OnEmbedding(room.Tokens);
            RunBlocks(room.Tokens, 0, logits, observer, cancellation);
        }
        finally
        {
            textRooms.Add(room);
        }
    }

    /// <summary>The tokens of texts as they enter the first block.</summary>
    /// <param name="batch">The texts.</param>
    /// <returns>Their tokens; for <see cref="Transformer.RunBlocks"/>.</returns>
    /// <exception cref="ArgumentException">A text is too long, or a token is not in the vocabulary.</exception>
    public TokenRows Embed(TextBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        RequireLengths(batch);
        var room = new TextRoom(batch.Texts, batch.Ids.Length, Width);
        Embed(batch, room);
        return room.Tokens;
    }

    /// <inheritdoc/>
    public override int Answers(TokenRows tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return Config.Task == TextTask.TokenClassification ? tokens.Count : tokens.Sequences;
    }

    /// <summary>How many rows of answers a batch gets.</summary>
    /// <param name="batch">The texts.</param>
    /// <returns>One a text, or one a token where each is classified.</returns>
    public int Answers(TextBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Config.Task == TextTask.TokenClassification ? batch.Ids.Length : batch.Texts;
    }

    private protected override void RunHead(TokenRows tokens, Span<float> logits)
    {
        int answers = Answers(tokens);
        TextHeadBuffers? room;
        while (headRooms.TryTake(out room) && (room.Sequences < tokens.Sequences || room.Answers < answers))
            room = null;
        room ??= new(tokens.Sequences, answers, Width, Classes);
        try
        {
            head.Run(Engine, tokens, room, logits);
        }
        finally
        {
            headRooms.Add(room);
        }
    }

    private protected override void RunHeadBackward(TokenRows last, Matrix logitGradients, Matrix tokenGradients) =>
        head.Backward(Engine, last, logitGradients, tokenGradients);

    void Embed(TextBatch batch, TextRoom room)
    {
        for (int s = 0; s < batch.Texts; s++)
            room.Lengths[s] = batch.Offsets[s + 1] - batch.Offsets[s];
        room.Tokens.Reset(room.Lengths.AsSpan(0, batch.Texts));
        embedding.Run(Engine, batch, room.Tokens);
    }

    void RequireLengths(TextBatch batch)
    {
        for (int s = 0; s < batch.Texts; s++)
            if (batch.Offsets[s + 1] - batch.Offsets[s] is var length && length > Config.LongestText)
                throw new ArgumentException($"Text {s} has {length} tokens; {Architecture} takes {Config.LongestText} at most. Cut it where it is turned into tokens.", nameof(batch));
    }

    TextRoom Rent(TextBatch batch)
    {
        while (textRooms.TryTake(out TextRoom? room))
            if (room.Lengths.Length >= batch.Texts && room.Capacity >= batch.Ids.Length)
                return room;
        return new(batch.Texts, batch.Ids.Length, Width);
    }

    /// <summary>The tokens of a run.</summary>
    sealed class TextRoom(int texts, int tokens, int width)
    {
        public int Capacity => tokens;

        public int[] Lengths { get; } = new int[texts];

        public TokenRows Tokens { get; } = new(texts, tokens, width);
    }
}
