using System.Numerics;
using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens;

/// <summary>How the votes of <see cref="WeightedPageRankGraph"/> are held.</summary>
/// <param name="Votes">One after the other.</param>
/// <param name="Epsilon">A head ends earlier when none of its scores moves by more than this; 0 for never.</param>
/// <param name="ClassBoost">Whether the first token starts with the square root of the number of voters instead of 1.</param>
/// <param name="Renormalise">Whether the rows of the tokens that still vote are scaled to sum to 1 over these tokens.</param>
/// <param name="Temperature">Attention is sharpened to softmax(logits / this); 1 leaves it as it is.</param>
internal readonly record struct VotingGraphRules(int Votes, double Epsilon = 0, bool ClassBoost = false, bool Renormalise = false, double Temperature = 1);

/// <summary>What heads voted.</summary>
/// <param name="Scores">0 for tokens that took no part, [batch, heads, 1, tokens].</param>
/// <param name="Voters">How many took part.</param>
/// <param name="Sum">What the scores of a head add up to, where that is known: rows of the attention sum to 1, so that a vote of all tokens makes none and loses none.</param>
internal sealed record VotesGraph(Value Scores, int Voters, double? Sum);

/// <summary>Weighted page rank: a vote of all heads is one product, [batch, heads, 1, tokens] times [batch, heads, tokens, tokens]. Many votes over few
/// tokens are cheaper as powers of the attention, each the square of the one before.</summary>
/// <param name="view">What is there to look at.</param>
internal sealed class WeightedPageRankGraph(GraphView view)
{
    readonly OnnxGraph graph = view.Graph;

    /// <summary>Every head starts anew and votes.</summary>
    /// <param name="rules">How.</param>
    /// <param name="present">1 for tokens that take part, 0 for the others, [batch, tokens]; null where all do.</param>
    /// <param name="voters">How many take part.</param>
    public VotesGraph Vote(VotingGraphRules rules, Value? present, int voters) => new(
        Scores(rules, present is null ? null : graph.Reshape(present, present.Shape[0], 1, 1, view.Count), voters),
        voters,
        present is null && rules.Votes == 1 ? view.Count - 1 + First(rules.ClassBoost, voters) : null);

    Value Scores(VotingGraphRules rules, Value? present, int voters)
    {
        (Value attention, Value? rowWeights) = rules.Temperature == 1 ? (view.Attention, null) : Sharpened(rules.Temperature);
        if (rules.Renormalise && present is not null)
            rowWeights = RowWeights(attention, present);
        Value scores = Start(rules.ClassBoost, voters);
        if (present is not null)
            scores = graph.Multiply(present, scores);
        int squarings = rules.Epsilon > 0 ? 0 : Squarings(rules.Votes, view.Count);
        if (squarings > 0)
            return Powers(Whole(attention, rowWeights, present), scores, rules.Votes, squarings);
        return rules.Epsilon > 0 ? Ending(rules, scores, attention, rowWeights, present) : Plain(rules.Votes, scores, attention, rowWeights, present);
    }

    // Between two votes, who is absent gets nothing and rows are weighed: one product with both.
    Value Plain(int votes, Value scores, Value attention, Value? rowWeights, Value? present)
    {
        Value? between = rowWeights is null ? present : present is null ? rowWeights : graph.Multiply(rowWeights, present);
        if (rowWeights is not null && votes > 0)
            scores = graph.Multiply(scores, rowWeights);
        for (int vote = 0; vote < votes - 1; vote++)
        {
            scores = graph.MatrixProduct(scores, attention);
            if (between is not null)
                scores = graph.Multiply(scores, between);
        }

        if (votes > 0)
            scores = graph.MatrixProduct(scores, attention);
        return present is null || votes == 0 ? scores : graph.Multiply(scores, present);
    }

    // A head whose scores stood still keeps them: what is voted afterwards changes nothing.
    Value Ending(VotingGraphRules rules, Value scores, Value attention, Value? rowWeights, Value? present)
    {
        Value? ended = null;
        for (int vote = 0; vote < rules.Votes; vote++)
        {
            Value next = graph.MatrixProduct(rowWeights is null ? scores : graph.Multiply(scores, rowWeights), attention);
            if (present is not null)
                next = graph.Multiply(next, present);
            Value change = graph.Largest(graph.Magnitude(graph.Subtract(next, scores)), 3, keep: true);
            Value still = graph.LessOrEqual(change, graph.Number(NotAbove(rules.Epsilon)));
            scores = ended is null ? next : graph.Where(ended, scores, next);
            ended = ended is null ? still : graph.Or(ended, still);
        }

        return scores;
    }

    /// <summary>How often the attention is squared so that this many votes cost the fewest multiply-adds: a square costs as much as a vote for each token.</summary>
    internal static int Squarings(int votes, int tokens)
    {
        int best = 0;
        for (int squarings = 1; votes >> squarings > 0; squarings++)
            if (Cost(squarings) < Cost(best))
                best = squarings;
        return best;

        long Cost(int squarings) => ((long)squarings * tokens) + (votes >> squarings) + BitOperations.PopCount((uint)votes & ((1u << squarings) - 1));
    }

    // One number a token, the same for every picture and head.
    Value Start(bool classBoost, int voters)
    {
        var start = new float[view.Count];
        Array.Fill(start, 1);
        start[0] = First(classBoost, voters);
        return graph.Numbers(start, 1, 1, 1, view.Count);
    }

    static float First(bool classBoost, int voters) => classBoost ? MathF.Sqrt(voters) : 1;

    // softmax(l / tau) is softmax(l) to the power 1 / tau, each row times what makes it sum to 1 again. Relative to the largest, so that no row
    // vanishes when tau is small. (Squares cannot: the largest is at least 1 / tokens.)
    (Value Attention, Value RowWeights) Sharpened(double temperature)
    {
        Value powers = 1 / temperature == 2
            ? graph.Multiply(view.Attention, view.Attention)
            : graph.Power(graph.Divide(view.Attention, graph.Largest(view.Attention, 3, keep: true)), graph.Number((float)(1 / temperature)));
        return (powers, graph.Reciprocal(AsRow(graph.Sum(powers, 3, keep: true))));
    }

    // 1 / what a row gives to the tokens that take part; a row that gives them nothing keeps its votes to itself.
    Value RowWeights(Value attention, Value present)
    {
        Value sums = AsRow(graph.MatrixProduct(attention, graph.Transpose(present, 0, 1, 3, 2))), one = graph.Number(1f);
        Value gives = graph.Greater(sums, graph.Number(0f));
        return graph.Reciprocal(graph.Where(gives, sums, one));
    }

    Value Whole(Value attention, Value? rowWeights, Value? present)
    {
        if (rowWeights is not null)
            attention = graph.Multiply(attention, graph.Transpose(rowWeights, 0, 1, 3, 2));
        return present is null ? attention : graph.Multiply(attention, present);
    }

    Value Powers(Value power, Value scores, int votes, int squarings)
    {
        for (int i = 0; i < squarings; i++)
        {
            if ((votes >> i & 1) == 1)
                scores = graph.MatrixProduct(scores, power);
            power = graph.MatrixProduct(power, power);
        }

        for (int i = 0; i < votes >> squarings; i++)
            scores = graph.MatrixProduct(scores, power);
        return scores;
    }

    Value AsRow(Value column) => graph.Reshape(column, column.Shape[0], column.Shape[1], 1, view.Count);

    /// <summary>The largest float that is not above a number.</summary>
    internal static float NotAbove(double number) => (float)number > number ? MathF.BitDecrement((float)number) : (float)number;
}
