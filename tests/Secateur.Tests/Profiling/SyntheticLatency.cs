using Secateur.Evaluation.Profiling;

namespace Secateur.Tests.Profiling;

/// <summary>A network whose latency is a formula, so that what a profile should say is known.</summary>
/// <param name="milliseconds">Of a run of one picture at a number of tokens.</param>
/// <param name="noise">Relative standard deviation of a run.</param>
internal sealed class SyntheticLatency(Func<int, double> milliseconds, double noise = 0) : ILatencySource
{
    readonly Random random = new(5);
    int batch;

    /// <summary>Every run that there was: batch and tokens.</summary>
    public List<(int Batch, int Tokens)> Runs { get; } = [];

    /// <summary>How slow the machine is at the n-th run.</summary>
    public Func<int, double> Drift { get; init; } = _ => 1;

    /// <summary>Called before each run.</summary>
    public Action<int> Before { get; init; } = _ => { };

    public string Runtime => "formula";

    public string Architecture => "vit_formula";

    public string WeightsHash { get; init; } = new('f', 64);

    public int Threads { get; init; } = 1;

    public int Depth => 2;

    public int PrefixTokens => 1;

    public int Patches => 196;

    public bool KnowsBlocks { get; init; } = true;

    public void Prepare(int batch) => this.batch = batch;

    public double Run(int tokens, Span<BlockLatency> blocks)
    {
        Before(Runs.Count);
        Runs.Add((batch, tokens));
        double time = batch * milliseconds(tokens) * Drift(Runs.Count) * Math.Exp(noise * Normal(random));
        for (int i = 0; i < blocks.Length; i++)
            blocks[i] = new(time / 8, time / 4);
        return time;
    }

    /// <summary>Box and Muller.</summary>
    public static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
