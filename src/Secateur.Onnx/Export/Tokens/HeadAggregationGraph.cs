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
    // What a head weighs that does not pass: nothing beside one that does, which weighs 1, and as much as all the others where none does. A power of
    // two, which rounds nothing; in half precision it is 0.
    const float Fails = 1f / (1L << 50);

    readonly OnnxGraph graph = view.Graph;

    /// <summary>Scores for a ranking: sums over heads, since factors and roots change no order.</summary>
    /// <returns>[batch, tokens], 0 for tokens that took no part.</returns>
    public Value Sums(VotesGraph votes) => Sums(votes.Scores, Weights(votes));

    /// <summary>The scores themselves.</summary>
    /// <returns>[batch, tokens].</returns>
    public Value Means(VotesGraph votes)
    {
        Value? weights = Weights(votes);
        Value heads = weights is null ? graph.Number((float)view.Heads) : Sums(weights, null);
        Value means = graph.Divide(Sums(votes.Scores, weights), heads);
        return mean == HeadMean.RootMeanSquare ? graph.Root(means) : means;
    }

    Value Sums(Value scores, Value? weights)
    {
        Value weighed = weights is null ? scores : graph.Multiply(scores, weights);
        return mean == HeadMean.RootMeanSquare ? graph.SumOfSquares(weighed, [1, 2]) : graph.Sum(weighed, [1, 2]);
    }

    // Of every head, [batch, heads, 1, 1]; null where every head counts. Variances are of the voters, times how many they are: the sum of squares less
    // the square of the sum over the voters.
    Value? Weights(VotesGraph votes)
    {
        if (minimum <= 0 && double.IsPositiveInfinity(maximum))
            return null;
        Value spread = graph.SumOfSquares(votes.Scores, [3], keep: true);
        double known = votes.Sum is { } sum ? sum * sum / votes.Voters : 0;
        if (votes.Sum is null)
        {
            Value total = graph.MatrixProduct(votes.Scores, graph.Numbers([.. Enumerable.Repeat(1 / MathF.Sqrt(votes.Voters), view.Count)], view.Count, 1));
            spread = graph.Subtract(spread, graph.Multiply(total, total));
        }

        float least = minimum <= 0 ? float.MinValue : (float)((minimum * votes.Voters) + known);
        float most = (float)Math.Min((maximum * votes.Voters) + known, float.MaxValue);
        return graph.Where(graph.Equal(graph.Clip(spread, least, most), spread), graph.Number(1f), graph.Number(Fails));
    }
}
