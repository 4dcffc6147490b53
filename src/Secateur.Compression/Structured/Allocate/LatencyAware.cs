using System.Collections.Immutable;

namespace Secateur.Compression.Structured.Allocate;

/// <summary>The heads and neurons of the largest total score within a budget of measured time, whatever shape that time has against their
/// numbers: a multiple-choice knapsack (Sinha and Zoltners, 1979) over the attention and the MLP of every block, solved by dynamic
/// programming, as HALP (Shen et al., "Structural Pruning via Latency-Saliency Knapsack", NeurIPS 2022) does for the filters of CNNs.</summary>
/// <remarks>Costs are rounded up to a 32768th of what the whole network costs above the least, so that the budget holds. No plan of widths that are
/// looked at (<see cref="MostWidths"/>) scores more and leaves one such part free for each attention and each MLP.</remarks>
public sealed class LatencyAware : IAllocator
{
    /// <summary>Parts of the time that is chosen about.</summary>
    const int Parts = 1 << 15;

    /// <summary>Numbers of units that are looked at in each attention and each MLP, at most. Numbers that cost no less than larger ones are not
    /// looked at in any case: of a staircase only the edges are.</summary>
    public const int MostWidths = 256;

    /// <inheritdoc/>
    public StructurePlan Allocate(UnitScores scores, StructureCosts costs, double budget)
    {
        // 1. Everything, where it fits.
        var order = new UnitOrder(scores, costs, budget);
        if (costs.Whole <= budget)
            return order.Whole();

        // 2. For each attention and each MLP the numbers of units worth choosing between.
        Width[][] choices =
        [
            .. Enumerable.Range(0, order.Depth).Select(block => Choices(order.Heads(block), scores.Heads[block], costs.Attention[block])),
            .. Enumerable.Range(0, order.Depth).Select(block => Choices(order.Neurons(block), scores.Neurons[block], costs.Mlp[block])),
        ];

        // 3. The best total for every amount of time above the least.
        double least = costs.Outside + choices.Sum(widths => widths[0].Cost), step = (costs.Whole - least) / Parts;
        int room = Math.Min(Parts, (int)((budget - least) / step));
        byte[][] chosen = Best(choices, step, room);
        StructurePlan plan = Plan(room);
        while (costs.Of(plan) > budget) // by a rounded bit
            plan = Plan(--room);
        return plan;

        StructurePlan Plan(int within)
        {
            int[] units = Units(choices, chosen, step, within);
            return order.Plan(block => (units[block], units[order.Depth + block]));
        }
    }

    /// <summary>Numbers of units by rising cost and rising score.</summary>
    static Width[] Choices(ReadOnlySpan<int> order, float[] scores, ImmutableArray<double> costs)
    {
        var all = new Width[costs.Length];
        double total = 0;
        all[0] = new(0, costs[0], 0);
        for (int n = 1; n < all.Length; n++)
            all[n] = new(n, costs[n], total += scores[order[n - 1]]);
        var worth = new List<Width>();
        foreach (Width width in all.OrderBy(width => width.Cost).ThenByDescending(width => width.Total).ThenByDescending(width => width.Units))
            if (worth.Count == 0 || width.Total > worth[^1].Total)
                worth.Add(width);
        int most = Math.Min(worth.Count, MostWidths);
        return [.. Enumerable.Range(0, most).Select(i => worth[most == 1 ? 0 : (int)((long)i * (worth.Count - 1) / (most - 1))])];
    }

    /// <summary>For every room, what each group contributes to the best total of it and the groups before it, [groups][room + 1].</summary>
    static byte[][] Best(Width[][] groups, double step, int room)
    {
        double[] totals = new double[room + 1], next = new double[room + 1];
        var chosen = new byte[groups.Length][];
        for (int g = 0; g < groups.Length; g++)
        {
            chosen[g] = new byte[room + 1];
            next.AsSpan().Fill(double.NegativeInfinity);
            for (int i = 0; i < groups[g].Length; i++)
            {
                int parts = Parted(groups[g], i, step);
                double total = groups[g][i].Total;
                for (int c = parts; c <= room; c++)
                    if (totals[c - parts] + total > next[c])
                        (next[c], chosen[g][c]) = (totals[c - parts] + total, (byte)i);
            }

            (totals, next) = (next, totals);
        }

        return chosen;
    }

    /// <summary>How many units of each group that is, [groups].</summary>
    static int[] Units(Width[][] groups, byte[][] chosen, double step, int room)
    {
        var units = new int[groups.Length];
        for (int g = groups.Length - 1; g >= 0; g--)
        {
            int i = chosen[g][room];
            units[g] = groups[g][i].Units;
            room -= Parted(groups[g], i, step);
        }

        return units;
    }

    static int Parted(Width[] group, int i, double step) => (int)Math.Ceiling((group[i].Cost - group[0].Cost) / step);

    /// <summary>A number of units: what it costs, and the score of the best so many.</summary>
    readonly record struct Width(int Units, double Cost, double Total);
}
