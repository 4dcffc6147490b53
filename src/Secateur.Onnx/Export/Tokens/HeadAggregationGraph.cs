using Secateur.Compression.Tokens;
using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens;

/// <summary>One score a token out of one a head: the root mean square (EIR) or the mean of the heads whose variance is neither too small nor too
/// large (VHF); when no head passes the filter, all count.</summary>
/// <param name="view">Where.</param>
/// <param name="mean">Which mean.</param>
/// <param name="minimum">Smallest variance of a head that counts.</param>
/// <param name="maximum">Largest variance of a head that counts.</param>
internal sealed class HeadAggregationGraph(GraphView view, HeadMean mean, double minimum = double.NegativeInfinity, double maximum = double.PositiveInfinity)
{
    readonly OnnxGraph graph = view.Graph;

    /// <summary>Scores for a ranking: sums over heads, since dividing all by as much, and roots, change no order.</summary>
    /// <param name="scores">By head, [batch, heads, 1, tokens].</param>
    /// <param name="voters">Tokens that took part; the scores of the others are 0.</param>
    /// <returns>[batch, tokens].</returns>
    public Value Sums(Value scores, int voters) => Sums(scores, voters, out _);

    /// <summary>The scores themselves.</summary>
    /// <param name="scores">By head, [batch, heads, 1, tokens].</param>
    /// <param name="voters">Tokens that took part; the scores of the others are 0.</param>
    /// <returns>[batch, tokens].</returns>
    public Value Means(Value scores, int voters)
    {
        Value sums = Sums(scores, voters, out Value? passes);
        Value heads = passes is null ? graph.Number((float)view.Heads) : Total(passes, 1, 2);
        Value means = graph.Divide(sums, heads);
        return mean == HeadMean.RootMeanSquare ? graph.Root(means) : means;
    }

    Value Sums(Value scores, int voters, out Value? passes)
    {
        Value squares = graph.Multiply(scores, scores), counted = mean == HeadMean.RootMeanSquare ? squares : scores;
        passes = Passes(scores, squares, voters);
        return Total(passes is null ? counted : graph.Multiply(counted, passes), 1, 2);
    }

    // [batch, heads, 1, 1] of 0 and 1; null for all.
    Value? Passes(Value scores, Value squares, int voters)
    {
        Value sum = graph.Sum(scores, 3, keep: true), number = graph.Number((float)voters);
        Value variance = graph.Subtract(graph.Divide(graph.Sum(squares, 3, keep: true), number), Squared(graph.Divide(sum, number)));
        Value? above = minimum <= 0 ? null : graph.GreaterOrEqual(variance, graph.Number((float)minimum));
        Value? below = double.IsPositiveInfinity(maximum) ? null : graph.LessOrEqual(variance, graph.Number(WeightedPageRankGraph.NotAbove(maximum)));
        if ((above ?? below) is not { } inside)
            return null;
        Value passed = graph.Cast(above is not null && below is not null ? graph.And(above, below) : inside, ElementType.Float);
        return graph.Cast(graph.GreaterOrEqual(passed, graph.Largest(passed, 1, keep: true)), ElementType.Float);
    }

    Value Squared(Value x) => graph.Multiply(x, x);

    Value Total(Value x, long first, long second) =>
        graph.Node("ReduceSum", x.Type, [x.Shape[0], x.Shape[3]], [x, graph.Whole([first, second])], OnnxGraph.Attribute("keepdims", 0L));
}
