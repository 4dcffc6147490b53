using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export;

/// <summary>The tokens of a batch between two places of a graph, and the one function that carries a decision out.</summary>
/// <param name="Rows">One picture's after the other's, [batch * tokens, width].</param>
/// <param name="Batch">Pictures: a number, or a name.</param>
/// <param name="Count">Tokens of a picture.</param>
internal sealed record GraphTokens(Value Rows, Dimension Batch, int Count)
{
    /// <summary>The rows by picture, [batch, tokens, width].</summary>
    public Value OfPictures(OnnxGraph graph) => graph.Reshape(Rows, Batch, Count, Rows.Side(1));

    /// <summary>How many original tokens each stands for, [batch, tokens]; null while each stands for itself.</summary>
    public Value? Sizes { get; init; }

    /// <summary>Where each token is from: the index among all tokens of the picture of the first that it holds, int64 [batch, tokens]; null while all are in their places.</summary>
    public Value? Places { get; init; }

    /// <summary>What an earlier decision carried on, [batch, tokens]; null before any.</summary>
    public Value? Carried { get; init; }

    /// <summary>What an earlier decision carried on for each head, [batch, heads]; null before any.</summary>
    public Value? HeadScores { get; init; }

    /// <summary>Which heads are computed; null for all.</summary>
    public GraphHeads? Heads { get; init; }

    /// <summary>What is known about the heads of a block with this many: a head of one block and the head of the same index in another are taken for the
    /// same; where a block has another number of heads, all are computed.</summary>
    public GraphTokens ForHeads(int heads) => this with
    {
        HeadScores = HeadScores?.Size(1) == heads ? HeadScores : null,
        Heads = Heads?.On.Size(1) == heads ? Heads : null,
    };

    /// <summary>The tokens that come out of a decision.</summary>
    public GraphTokens Apply(OnnxGraph graph, GraphMap map)
    {
        GraphTokens after = map.IsIdentity ? this with { Carried = map.Carried ?? Carried } : map.Kept is { } kept ? Keep(graph, kept, map) : Join(graph, map);
        GraphTokens known = map.HeadScores is { } scores ? ForHeads(scores.Size(1)) : this;
        return after with { HeadScores = map.HeadScores ?? known.HeadScores, Heads = map.Heads ?? known.Heads };
    }

    GraphTokens Keep(OnnxGraph graph, Value kept, GraphMap map) => new(GraphRows.Flat(graph, Rows, Batch, Count, kept), Batch, map.Count)
    {
        Sizes = (map.Sizes ?? Sizes) is { } sizes ? GraphRows.Numbers(graph, sizes, kept) : null,
        Places = Places is null ? kept : GraphRows.Numbers(graph, Places, kept),
        Carried = (map.Carried ?? Carried) is { } carried ? GraphRows.Numbers(graph, carried, kept) : null,
    };

    // Groups as a matrix of ones, [batch, groups, tokens]: means are one product.
    GraphTokens Join(OnnxGraph graph, GraphMap map)
    {
        Value ones = Members(graph, map.Group!, map.Count), members = graph.Sum(ones, 2, keep: true);
        Value? weights = map.Weights ?? Sizes, sizes = map.Sizes ?? Sizes;
        Value share = weights is null ? graph.Divide(ones, members) : graph.Multiply(ones, graph.Unsqueeze(weights, 1));
        if (weights is not null && !map.Sums)
            share = graph.Divide(share, graph.Sum(share, 2, keep: true));
        if (map.Weights is not null)
            share = graph.Where(graph.Equal(members, graph.Number(1f)), ones, share); // alone in a group, a token stays as it is
        return new(graph.Reshape(graph.MatrixProduct(share, OfPictures(graph)), Batch.Times(map.Count), Rows.Side(1)), Batch, map.Count)
        {
            Sizes = sizes is null ? graph.Squeeze(members, 2) : Totals(graph, ones, sizes),
            Places = First(graph, ones),
            Carried = (map.Carried ?? Carried) is { } carried ? Totals(graph, ones, carried) : null,
        };
    }

    Value First(OnnxGraph graph, Value ones)
    {
        Value first = graph.IndexOfLargest(ones, 2);
        return Places is null ? first : GraphRows.Numbers(graph, Places, first);
    }

    /// <summary>Which tokens are in which group: 1 or 0, [batch, groups, tokens].</summary>
    public static Value Members(OnnxGraph graph, Value group, int count) =>
        graph.Cast(graph.Equal(graph.Unsqueeze(group, 1), graph.Whole([.. Enumerable.Range(0, count)], 1, count, 1)), ElementType.Float);

    static Value Totals(OnnxGraph graph, Value ones, Value numbers) => graph.Squeeze(graph.MatrixProduct(ones, graph.Unsqueeze(numbers, 2)), 2);
}
