using System.Collections.Immutable;
using Secateur.Compression.Structured;

namespace Secateur.Tests.Structured;

/// <summary>Drawn scores of a small network, and what its units cost in one of a few ways.</summary>
internal sealed record RandomUnits(UnitScores Scores, StructureCosts Costs)
{
    /// <summary>All heads cost the same and all neurons do; they differ from block to block; they rise in steps; they are measured with noise.</summary>
    public static ImmutableArray<string> Kinds { get; } = ["equal", "by block", "stairs", "noise"];

    public double Largest => Scores.Heads.Concat(Scores.Neurons).SelectMany(scores => scores).Max();

    public static IEnumerable<RandomUnits> Some(string kind, int blocks = 3, int most = 9) => Enumerable.Range(0, 8).Select(seed => Draw(kind, seed, blocks, most));

    public static RandomUnits Draw(string kind, int seed, int blocks, int most)
    {
        var random = new Random(seed);
        int[] heads = [.. Enumerable.Range(0, blocks).Select(_ => random.Next(1, 4))], neurons = [.. Enumerable.Range(0, blocks).Select(_ => random.Next(2, most))];
        ImmutableArray<ImmutableArray<double>> attention = [.. heads.Select(units => Table(units, 40))], mlp = [.. neurons.Select(units => Table(units, 10))];
        return new(new(Drawn(heads, 3), Drawn(neurons, 1)), new(attention, mlp, 25));

        float[][] Drawn(int[] counts, float scale) => [.. counts.Select(units => Enumerable.Range(0, units).Select(_ => scale * random.NextSingle()).ToArray())];

        ImmutableArray<double> Table(int units, double cost)
        {
            double one = kind == "by block" ? cost * (0.5 + random.NextDouble()) : cost;
            return kind switch
            {
                "stairs" => [.. Enumerable.Range(0, units + 1).Select(n => 3 + ((n + 2) / 3 * 3 * one))],
                "noise" => [.. Enumerable.Range(0, units + 1).Select(n => 20 + (n * one) + (30 * random.NextDouble()))],
                _ => [.. Enumerable.Range(0, units + 1).Select(n => n * one)],
            };
        }
    }

    /// <summary>A part of the way from nothing to everything.</summary>
    public double Budget(double ratio) => double.Lerp(Costs.Least, Math.Max(Costs.Least, Costs.Whole), ratio);

    public RandomUnits WithScores(Func<float, float> change) => this with
    {
        Scores = new([.. Scores.Heads.Select(row => row.Select(change).ToArray())], [.. Scores.Neurons.Select(row => row.Select(change).ToArray())]),
    };

    /// <summary>The score of what a plan keeps.</summary>
    public double Total(StructurePlan plan) => plan.Layers.Select((layer, block) =>
        layer.Heads.Sum(head => (double)Scores.Heads[block][head]) + layer.Neurons.Sum(neuron => (double)Scores.Neurons[block][neuron])).Sum();

    /// <summary>The best total within a budget, by trying every number of heads and neurons of every block.</summary>
    public double BruteForce(double budget) => Try(0, budget - Costs.Outside, 0);

    double Try(int block, double left, double total)
    {
        if (block == Scores.Heads.Length)
            return left >= -1e-9 ? total : double.NegativeInfinity; // the budget is subtracted from in another order
        double best = double.NegativeInfinity;
        for (int h = 0; h <= Scores.Heads[block].Length; h++)
            for (int n = 0; n <= Scores.Neurons[block].Length; n++)
                best = Math.Max(best, Try(block + 1, left - Costs.Attention[block][h] - Costs.Mlp[block][n], total + First(Scores.Heads[block], h) + First(Scores.Neurons[block], n)));
        return best;
    }

    static double First(float[] scores, int n) => scores.OrderDescending().Take(n).Sum(score => (double)score);
}
