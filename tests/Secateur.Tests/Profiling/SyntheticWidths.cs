using System.Collections.Immutable;
using Secateur.Evaluation.Profiling;
using Secateur.Models;

namespace Secateur.Tests.Profiling;

/// <summary>Blocks whose times are formulas of their heads and neurons.</summary>
/// <param name="blocks">As they are.</param>
/// <param name="neurons">Milliseconds of an MLP.</param>
/// <param name="noise">Relative standard deviation of half a block.</param>
internal sealed class SyntheticWidths(ImmutableArray<BlockShape> blocks, Func<int, double> neurons, double noise = 0) : IWidthLatencySource
{
    public const double Outside = 0.75;

    readonly Random random = new(3);
    ImmutableArray<ImmutableArray<(int Heads, int Neurons)>> networks = [];
    int runs;

    public ImmutableArray<BlockShape> Blocks => blocks;

    public int Tokens => 25;

    public static double Heads(int heads) => 0.5 + (0.25 * heads);

    public void Prepare(int batch, ImmutableArray<ImmutableArray<(int Heads, int Neurons)>> networks) => this.networks = networks;

    public double Run(int index, Span<BlockLatency> blocks)
    {
        // The machine becomes slower from run to run.
        double pace = 1 + (runs++ / 500.0), sum = Outside * pace;
        for (int i = 0; i < blocks.Length; i++)
        {
            (int heads, int kept) = networks[index][i];
            blocks[i] = new(pace * Heads(heads) * Noise(), pace * neurons(kept) * Noise());
            sum += blocks[i].Total;
        }

        return sum;
    }

    double Noise() => Math.Exp(noise * SyntheticLatency.Normal(random));
}
