using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export;

/// <summary>What a method may see at one place of a graph: the engine's <see cref="Models.Tokens.TokenView"/> for a whole batch, every picture with as many tokens.</summary>
internal sealed class GraphView
{
    /// <summary>Where nodes are added.</summary>
    public required OnnxGraph Graph { get; init; }

    /// <summary>The tokens as they are here.</summary>
    public required GraphTokens State { get; init; }

    /// <summary>The tokens that entered the block, [batch * tokens, width]; null before it.</summary>
    public Value? Entered { get; init; }

    /// <summary>What the block's attention computed; null where there is none to look at.</summary>
    public AttentionValues? Seen { get; init; }

    /// <summary>Leading tokens that must survive alone.</summary>
    public required int Prefix { get; init; }

    /// <summary>Whether the first token is a class token.</summary>
    public required bool HasClassToken { get; init; }

    /// <summary>Rows and columns of the picture's patch grid.</summary>
    public required (int Rows, int Columns) Grid { get; init; }

    /// <summary>Pictures: a number, or a name.</summary>
    public Dimension Batch => State.Batch;

    /// <summary>Tokens of a picture, prefix included.</summary>
    public int Count => State.Count;

    /// <summary>Tokens that may go.</summary>
    public int Patches => Count - Prefix;

    /// <summary>Heads of the block.</summary>
    public int Heads => Attention.Size(1);

    /// <summary>The tokens where the method acts, [batch, tokens, width].</summary>
    public Value Tokens => State.OfPictures(Graph);

    /// <summary>The tokens that entered the block, [batch, tokens, width].</summary>
    public Value Input => (State with { Rows = Entered ?? throw new InvalidOperationException("Nothing has entered a block here.") }).OfPictures(Graph);

    /// <summary>[batch, heads, tokens, head].</summary>
    public Value Query => Looked.Query;

    /// <summary>[batch, heads, tokens, head].</summary>
    public Value Key => Looked.Key;

    /// <summary>Values, [batch, heads, tokens, head].</summary>
    public Value Content => Looked.Content;

    /// <summary>Queries, head after head, [batch, tokens, heads * head].</summary>
    public Value Queries => Looked.Whole[0];

    /// <summary>Keys, head after head, [batch, tokens, heads * head].</summary>
    public Value Keys => Looked.Whole[1];

    /// <summary>Values, head after head, [batch, tokens, heads * head].</summary>
    public Value Contents => Looked.Whole[2];

    /// <summary>After softmax, [batch, heads, tokens, tokens], row = query.</summary>
    public Value Attention => Looked.Attention;

    /// <summary>What each head adds up, [batch, heads, tokens, head].</summary>
    public Value HeadOutputs => Looked.Outputs;

    /// <summary>How much the class token, the first, attends to every token, [batch, heads, tokens].</summary>
    public Value ClassAttention => Graph.Squeeze(Graph.Slice(Attention, 2, 0, 1), 2);

    /// <summary>How much attention every token receives (column sums over all queries), [batch, heads, tokens].</summary>
    public Value Received => Graph.Sum(Attention, 2);

    /// <summary>The patches of something with one number a token, [batch, tokens] to [batch, patches].</summary>
    public Value OfPatches(Value ofTokens) => Graph.Slice(ofTokens, 1, Prefix, Count);

    /// <summary>What an earlier decision carried on for each token, [batch, tokens]; null before any.</summary>
    public Value? Carried => State.Carried;

    /// <summary>What an earlier decision carried on for each head, [batch, heads]; null before any.</summary>
    public Value? HeadScores => State.ForHeads(Heads).HeadScores;

    /// <summary>Which heads this block computed; null for all.</summary>
    public GraphHeads? ActiveHeads => State.ForHeads(Heads).Heads;

    AttentionValues Looked => Seen ?? throw new InvalidOperationException("There is no attention to look at here.");
}
