using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export;

/// <summary>The tokens of a batch between two places of a graph, and the one function that carries a decision out.</summary>
/// <param name="Rows">[batch, tokens, width].</param>
internal sealed record GraphTokens(Value Rows)
{
    /// <summary>Tokens of a picture.</summary>
    public int Count => Rows.Size(1);

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

    GraphTokens Keep(OnnxGraph graph, Value kept, GraphMap map) => new(RowsAt(graph, Rows, kept))
    {
        Sizes = (map.Sizes ?? Sizes) is { } sizes ? NumbersAt(graph, sizes, kept) : null,
        Places = Places is null ? kept : NumbersAt(graph, Places, kept),
        Carried = (map.Carried ?? Carried) is { } carried ? NumbersAt(graph, carried, kept) : null,
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
        return new(graph.MatrixProduct(share, Rows))
        {
            Sizes = sizes is null ? graph.Squeeze(members, 2) : Totals(graph, ones, sizes),
            Places = First(graph, ones),
            Carried = (map.Carried ?? Carried) is { } carried ? Totals(graph, ones, carried) : null,
        };
    }

    Value First(OnnxGraph graph, Value ones)
    {
        Value first = graph.IndexOfLargest(ones, 2);
        return Places is null ? first : NumbersAt(graph, Places, first);
    }

    /// <summary>Which tokens are in which group: 1 or 0, [batch, groups, tokens].</summary>
    public static Value Members(OnnxGraph graph, Value group, int count) =>
        graph.Cast(graph.Equal(graph.Unsqueeze(group, 1), graph.Whole([.. Enumerable.Range(0, count)], 1, count, 1)), ElementType.Float);

    /// <summary>Rows of every picture by its own indices, [batch, tokens, width] and int64 [batch, kept] to [batch, kept, width]; indices of [1, kept] are all pictures'.</summary>
    public static Value RowsAt(OnnxGraph graph, Value rows, Value indices)
    {
        if (indices.Side(0) == 1)
            return graph.Gather(rows, graph.Squeeze(indices, 0), 1);
        Value shape = graph.Concat(0, graph.ShapeOf(indices), graph.Whole([rows.Size(2)]));
        Value wide = graph.Node("Expand", ElementType.Int64, [.. indices.Shape, rows.Side(2)], [graph.Unsqueeze(indices, 2), shape]);
        return graph.GatherElements(rows, wide, 1);
    }

    /// <summary>Numbers of every picture by its own indices, [batch, tokens] and int64 [batch, kept] to [batch, kept]; either may be all pictures' own, [1, ...].</summary>
    public static Value NumbersAt(OnnxGraph graph, Value numbers, Value indices) =>
        indices.Side(0) == 1 ? graph.Gather(numbers, graph.Squeeze(indices, 0), 1)
        : numbers.Side(0) == 1 ? graph.Gather(graph.Squeeze(numbers, 0), indices, 0)
        : graph.GatherElements(numbers, indices, 1);

    static Value Totals(OnnxGraph graph, Value ones, Value numbers) => graph.Squeeze(graph.MatrixProduct(ones, graph.Unsqueeze(numbers, 2)), 2);
}
