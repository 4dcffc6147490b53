using System.Collections.Immutable;

namespace Secateur.Compression.Structured.Allocate;

/// <summary>Every block keeps the same share of its heads and of its neurons, as nearly as heads, which are few, can be rounded and the budget is spent: what one
/// does without a search, and what searches are compared with.</summary>
public sealed class Uniform : IAllocator
{
    /// <inheritdoc/>
    public StructurePlan Allocate(UnitScores scores, StructureCosts costs, double budget)
    {
        // 1. Everything, where it fits.
        var order = new UnitOrder(scores, costs, budget);
        if (costs.Whole <= budget)
            return order.Whole();

        // 2. For every number of heads that a share is rounded to, the neurons that the rest pays for.
        (double Heads, double Neurons)[] pairs = [.. Shares(costs.Attention, 0.5).Prepend(0).Where(share => double.IsFinite(share) && Cost(share, 0) <= budget)
            .Select(share => (share, Largest(Shares(costs.Mlp, 0), neurons => Cost(share, neurons) <= budget)))];

        // 3. Of those that spend the budget the pair whose shares are nearest; where all neurons fit beside any number of heads, the dearest.
        (double heads, double neurons) = pairs.Where(pair => pair.Neurons < 1).DefaultIfEmpty(pairs.MaxBy(pair => Cost(pair.Heads, pair.Neurons)))
            .MinBy(pair => Math.Abs(KeptHeads(pair.Heads) - pair.Neurons));
        return order.Plan(block => (Heads(block, heads), Neurons(block, neurons)));

        double KeptHeads(double share) => costs.Attention.Select((_, block) => (double)Heads(block, share)).Sum() / Math.Max(1, costs.Attention.Sum(table => table.Length - 1));

        int Heads(int block, double s) => Kept(costs.Attention[block], s, 0.5);

        int Neurons(int block, double s) => Kept(costs.Mlp[block], s, 0);

        double Cost(double ofHeads, double ofNeurons)
        {
            (double attention, double mlp) = (0, 0);
            for (int block = 0; block < order.Depth; block++)
                (attention, mlp) = (attention + costs.Attention[block][Heads(block, ofHeads)], mlp + costs.Mlp[block][Neurons(block, ofNeurons)]);
            return costs.Outside + attention + mlp;
        }
    }

    /// <summary>How many of a block's units a share keeps.</summary>
    static int Kept(ImmutableArray<double> table, double share, double rounding) =>
        Math.Min(table.Length - 1, (int)Math.Floor((share * (table.Length - 1)) + rounding + 1e-9)); // 3 of 7 must be 3 again

    /// <summary>The shares at which some block keeps one more.</summary>
    static IEnumerable<double> Shares(ImmutableArray<ImmutableArray<double>> tables, double rounding) =>
        tables.Select(table => table.Length - 1).Distinct().SelectMany(units => Enumerable.Range(0, units + 1).Select(n => Math.Max(0, (n - rounding) / units)));

    /// <summary>The largest share that fits; nothing does in any case.</summary>
    static double Largest(IEnumerable<double> shares, Func<double, bool> fits)
    {
        double[] rising = [0, .. shares.Where(double.IsFinite).Distinct().Order()];
        int low = 0, high = rising.Length;
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            (low, high) = fits(rising[middle]) ? (middle, high) : (low, middle);
        }

        return rising[low];
    }
}
