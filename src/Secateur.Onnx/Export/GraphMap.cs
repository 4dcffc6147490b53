using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export;

/// <summary>What was decided about the tokens at one place of a graph: the engine's <see cref="Models.Tokens.TokenMap"/> for a whole batch.</summary>
internal sealed record GraphMap
{
    GraphMap(int count) => Count = count;

    /// <summary>How many tokens come out.</summary>
    public int Count { get; }

    /// <summary>Indices of the tokens that stay, prefix first, in the order in which they come out, int64 [batch, count]; null where tokens are grouped.</summary>
    public Value? Kept { get; private init; }

    /// <summary>The group of every token, -1 for those that go, int64 [batch, tokens]; null where tokens are <see cref="Kept"/>.</summary>
    public Value? Group { get; private init; }

    /// <summary>Weights of the tokens inside their groups, [batch, tokens] or [1, tokens]; null to weigh by size.</summary>
    public Value? Weights { get; init; }

    /// <summary>Whether a group of several becomes the sum of its tokens times their weights, not their mean.</summary>
    public bool Sums { get; init; }

    /// <summary>What each token adds to the size of its group, [batch, tokens]; null for its own size.</summary>
    public Value? Sizes { get; init; }

    /// <summary>A number for every token that comes in, which goes with it to the next place, [batch, tokens]; null to leave what was carried.</summary>
    public Value? Carried { get; init; }

    /// <summary>A number for every head that goes on to the next place, [batch, heads]; null to leave what was carried.</summary>
    public Value? HeadScores { get; init; }

    /// <summary>Which heads later blocks compute; null to leave them as they are.</summary>
    public GraphHeads? Heads { get; init; }

    /// <summary>Whether every token stays as and where it is.</summary>
    public bool IsIdentity { get; private init; }

    /// <summary>Every token stays; for methods that remember.</summary>
    /// <param name="graph">Where the indices become a constant.</param>
    /// <param name="count">How many.</param>
    public static GraphMap Identity(OnnxGraph graph, int count) => new(count) { Kept = graph.Counting(count, 1, count), IsIdentity = true };

    /// <summary>These tokens stay, in this order; all others are dropped.</summary>
    /// <param name="kept">Indices, prefix first, int64 [batch, count].</param>
    public static GraphMap Keep(Value kept) => new(kept.Size(1)) { Kept = kept };

    /// <summary>Any grouping: tokens of the same group become one.</summary>
    /// <param name="group">Group or -1 of every token, int64 [batch, tokens].</param>
    /// <param name="count">Number of groups; none may be empty.</param>
    public static GraphMap FromGroups(Value group, int count) => new(count) { Group = group };
}

/// <summary>Which heads are computed; those that are not add zeros.</summary>
/// <param name="On">[batch, heads] of 0 and 1.</param>
/// <param name="Count">How many of each picture's.</param>
internal sealed record GraphHeads(Value On, int Count);
