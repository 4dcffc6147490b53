namespace Secateur.Compression.Structured.Allocate;

/// <summary>The heads and neurons of the largest total score within a budget (Kwon et al., "A Fast Post-Training Pruning Framework for
/// Transformers", NeurIPS 2022, section 4.1, Algorithm 1; OPTIN, ICLR 2024, searches in the same way).</summary>
/// <remarks>Exact where all heads cost the same, all neurons do, and no score is negative. Where blocks differ, units are ranked by score for
/// their cost, and less than the score of one unit is lost. Where a unit costs more or less by how many there are (measured times), the
/// budget holds, but <see cref="LatencyAware"/> finds better plans.</remarks>
public sealed class MaskSearch : IAllocator
{
    /// <inheritdoc/>
    public StructurePlan Allocate(UnitScores scores, StructureCosts costs, double budget)
    {
        // 1. Everything, where it fits.
        var order = new UnitOrder(scores, costs, budget);
        if (costs.Whole <= budget)
            return order.Whole();

        // 2. All heads in one ranking, all neurons in another, and what the best of each cost and score together.
        Ranking heads = Ranking.Of(order.Depth, block => order.Heads(block), scores.Heads, block => costs.Attention[block].AsSpan());
        Ranking neurons = Ranking.Of(order.Depth, block => order.Neurons(block), scores.Neurons, block => costs.Mlp[block].AsSpan());

        // 3. For every number of heads as many neurons as the rest of the budget pays for; the best total stays.
        (int Heads, int Neurons) best = (0, 0);
        double bestTotal = double.NegativeInfinity;
        for (int h = 0; h < heads.Costs.Length && costs.Outside + heads.Costs[h] + neurons.Costs[0] <= budget; h++)
        {
            int n = Fitting(neurons.Costs, cost => costs.Outside + heads.Costs[h] + cost <= budget);
            if (heads.Totals[h] + neurons.Totals[n] > bestTotal)
                (bestTotal, best) = (heads.Totals[h] + neurons.Totals[n], (h, n));
        }

        int[] keptHeads = heads.Counts(best.Heads, order.Depth), keptNeurons = neurons.Counts(best.Neurons, order.Depth);
        return order.Plan(block => (keptHeads[block], keptNeurons[block]));
    }

    /// <summary>The last place of a rising row that fits; the first one does.</summary>
    static int Fitting(double[] costs, Func<double, bool> fits)
    {
        int low = 0, high = costs.Length;
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            (low, high) = fits(costs[middle]) ? (middle, high) : (low, middle);
        }

        return low;
    }

    /// <summary>Units of all blocks, the most important first.</summary>
    /// <param name="Blocks">The block of each.</param>
    /// <param name="Costs">Of the first n of them together, [units + 1]; never falling.</param>
    /// <param name="Totals">The score of the first n of them, [units + 1].</param>
    sealed record Ranking(int[] Blocks, double[] Costs, double[] Totals)
    {
        public delegate ReadOnlySpan<T> Row<T>(int block);

        public static Ranking Of(int depth, Row<int> units, float[][] scores, Row<double> tables)
        {
            // Within a block the order is that of the scores, so that its first n units are the best n.
            double[] prices = [.. Enumerable.Range(0, depth).Select(block => Price(tables(block)))];
            (int Block, double Score)[] ranked = [.. Enumerable.Range(0, depth)
                .SelectMany(block => units(block).ToArray().Select(unit => (block, Score: (double)scores[block][unit])))
                .OrderByDescending(unit => unit.Score / prices[unit.block])];
            double[] costs = new double[ranked.Length + 1], totals = new double[ranked.Length + 1];
            int[] counts = new int[depth];
            costs[0] = Cost();
            for (int n = 1; n <= ranked.Length; n++)
            {
                counts[ranked[n - 1].Block]++;
                (costs[n], totals[n]) = (Math.Max(costs[n - 1], Cost()), totals[n - 1] + ranked[n - 1].Score);
            }

            return new([.. ranked.Select(unit => unit.Block)], costs, totals);

            // Summed as for a plan, so that both agree to the last bit.
            double Cost()
            {
                double sum = 0;
                for (int block = 0; block < depth; block++)
                    sum += tables(block)[counts[block]];
                return sum;
            }
        }

        /// <summary>How many of the first n are in each block.</summary>
        public int[] Counts(int n, int depth)
        {
            var counts = new int[depth];
            foreach (int block in Blocks.AsSpan(0, n))
                counts[block]++;
            return counts;
        }

        /// <summary>What a unit of the block costs in the middle, against the others only.</summary>
        static double Price(ReadOnlySpan<double> table) => table.Length > 1 && table[^1] > table[0] ? (table[^1] - table[0]) / (table.Length - 1) : 1;
    }
}
