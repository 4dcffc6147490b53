using System.Collections.Immutable;

namespace Secateur.Compression.Structured.Allocate;

/// <summary>The heads and the neurons of every block, the most important first; among equals the earlier one.</summary>
internal sealed class UnitOrder
{
    readonly int[][] heads;
    readonly int[][] neurons;

    /// <summary>Puts units into order.</summary>
    /// <exception cref="ArgumentException">A score is no number, scores and costs are of different networks, or nothing fits into the budget.</exception>
    public UnitOrder(UnitScores scores, StructureCosts costs, double budget)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(costs);
        RequireFits(nameof(scores), scores.Heads, costs.Attention);
        RequireFits(nameof(scores), scores.Neurons, costs.Mlp);
        if (!(costs.Least <= budget))
            throw new ArgumentException($"A budget of {budget:g6} is less than what is paid without any head and neuron, {costs.Least:g6}; the whole network costs {costs.Whole:g6}.", nameof(budget));
        (heads, neurons) = ([.. scores.Heads.Select(Best)], [.. scores.Neurons.Select(Best)]);
    }

    /// <summary>Blocks.</summary>
    public int Depth => heads.Length;

    /// <summary>Heads of a block.</summary>
    public ReadOnlySpan<int> Heads(int block) => heads[block];

    /// <summary>Neurons of a block.</summary>
    public ReadOnlySpan<int> Neurons(int block) => neurons[block];

    /// <summary>The best of every block.</summary>
    /// <param name="keep">How many heads and neurons of a block.</param>
    public StructurePlan Plan(Func<int, (int Heads, int Neurons)> keep) => new([.. Enumerable.Range(0, Depth).Select(block =>
    {
        (int h, int n) = keep(block);
        return new LayerPlan([.. heads[block][..h].Order()], [.. neurons[block][..n].Order()]);
    })]);

    /// <summary>Everything.</summary>
    public StructurePlan Whole() => Plan(block => (heads[block].Length, neurons[block].Length));

    static int[] Best(float[] scores) => [.. Enumerable.Range(0, scores.Length).OrderByDescending(unit => scores[unit])];

    static void RequireFits(string name, float[][] scores, ImmutableArray<ImmutableArray<double>> costs)
    {
        if (scores.Length != costs.Length)
            throw new ArgumentException($"Scores of {scores.Length} blocks, costs of {costs.Length}.", name);
        for (int block = 0; block < scores.Length; block++)
        {
            if (scores[block].Length != costs[block].Length - 1)
                throw new ArgumentException($"Scores of {scores[block].Length} units in block {block}, costs of {costs[block].Length - 1}.", name);
            if (Array.FindIndex(scores[block], float.IsNaN) is int unit and >= 0)
                throw new ArgumentException($"The score of unit {unit} in block {block} is no number.", name);
        }
    }
}
