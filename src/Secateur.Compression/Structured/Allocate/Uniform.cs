using System.Collections.Immutable;

namespace Secateur.Compression.Structured.Allocate;

/// <summary>Every block keeps the same share of its heads and of its neurons: what one does without a search, and what searches are compared with.</summary>
public sealed class Uniform : IAllocator
{
    /// <inheritdoc/>
    public StructurePlan Allocate(UnitScores scores, StructureCosts costs, double budget)
    {
        // 1. Everything, where it fits.
        var order = new UnitOrder(scores, costs, budget);
        if (costs.Whole <= budget)
            return order.Whole();

        // 2. The largest share that fits, of heads and neurons alike; heads are rounded to the nearest number, neurons down.
        double share = Largest(Shares(costs.Attention, 0.5).Concat(Shares(costs.Mlp, 0)), s => Cost(s, s) <= budget);

        // 3. Heads are few, and rounding them leaves some of the budget: neurons use it up.
        double neurons = Math.Max(share, Largest(Shares(costs.Mlp, 0), s => Cost(share, s) <= budget));
        return order.Plan(block => (Heads(block, share), Neurons(block, neurons)));

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
