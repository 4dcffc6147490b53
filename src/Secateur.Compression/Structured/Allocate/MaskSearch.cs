namespace Secateur.Compression.Structured.Allocate;

/// <summary>The heads and neurons of the largest total score within a budget (Kwon et al., NeurIPS 2022, section 4.1, Algorithm 1; OPTIN
/// searches in the same way). For every number of heads: the best heads, then as many of the best neurons as still fit.</summary>
/// <remarks>Exact where all heads cost the same and all neurons do.</remarks>
public sealed class MaskSearch : IAllocator
{
    /// <inheritdoc/>
    public StructurePlan Allocate(UnitScores scores, UnitCosts costs, double budget)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(costs);
        (int Layer, int Index, float Score)[] heads = Ranked(scores.Heads), neurons = Ranked(scores.Neurons);
        double left = budget - costs.Outside, bestTotal = double.NegativeInfinity, headTotal = 0;
        if (left < 0)
            throw new ArgumentException($"A budget of {budget:g6} is less than what is outside of heads and neurons costs ({costs.Outside:g6}).", nameof(budget));
        (int Heads, int Neurons) best = (0, 0);
        for (int h = 0; h <= heads.Length && left >= 0; h++)
        {
            (double rest, double total, int n) = (left, headTotal, 0);
            for (; n < neurons.Length && rest >= costs.Neurons[neurons[n].Layer]; n++)
                (rest, total) = (rest - costs.Neurons[neurons[n].Layer], total + neurons[n].Score);
            if (total > bestTotal)
                (bestTotal, best) = (total, (h, n));
            if (h < heads.Length)
                (left, headTotal) = (left - costs.Heads[heads[h].Layer], headTotal + heads[h].Score);
        }

        return new([.. Enumerable.Range(0, scores.Heads.Length).Select(layer => new LayerPlan(
            [.. heads[..best.Heads].Where(unit => unit.Layer == layer).Select(unit => unit.Index).Order()],
            [.. neurons[..best.Neurons].Where(unit => unit.Layer == layer).Select(unit => unit.Index).Order()]))]);
    }

    /// <summary>All units, the most important first; among equals the earlier one.</summary>
    static (int Layer, int Index, float Score)[] Ranked(float[][] scores) =>
        [.. scores.SelectMany((row, layer) => row.Select((score, index) => (layer, index, score))).OrderByDescending(unit => unit.score)];
}
