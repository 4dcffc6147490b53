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
        Value heads = passes is null ? graph.Number((float)view.Heads) : Total(graph.Cast(passes, ElementType.Float));
        Value means = graph.Divide(sums, heads);
        return mean == HeadMean.RootMeanSquare ? graph.Root(means) : means;
    }

    Value Sums(Value scores, int voters, out Value? passes)
    {
        Value squares = graph.Multiply(scores, scores), counted = mean == HeadMean.RootMeanSquare ? squares : scores;
        passes = minimum <= 0 && double.IsPositiveInfinity(maximum) ? null : Passes(scores, squares, voters);
        return Total(passes is null ? counted : graph.Where(passes, counted, graph.Number(0f)));
    }

    // True or false, [batch, heads, 1, 1]. Variances are of the voters, means of all tokens: the filter is scaled by how many of them voted.
    Value Passes(Value scores, Value squares, int voters)
    {
        float share = (float)voters / view.Count;
        Value average = graph.Mean(scores, 3, keep: true), square = graph.Multiply(average, average);
        Value variance = graph.Subtract(graph.Mean(squares, 3, keep: true), share == 1 ? square : graph.Divide(square, graph.Number(share)));
        float least = minimum <= 0 ? float.MinValue : (float)minimum * share, most = Math.Min((float)maximum * share, float.MaxValue);
        Value passed = graph.Cast(graph.Equal(graph.Clip(variance, least, most), variance), ElementType.Float);
        return graph.GreaterOrEqual(passed, graph.Largest(passed, 1, keep: true)); // where none passed, all are as good as the best
    }

    // [batch, heads, 1, tokens] to [batch, tokens].
    Value Total(Value x) =>
        graph.Node("ReduceSum", x.Type, [x.Shape[0], x.Shape[3]], [x, graph.Whole([1, 2])], OnnxGraph.Attribute("keepdims", 0L));
}
