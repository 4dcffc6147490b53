namespace Secateur.Compression.Structured.Score.Optin;

/// <summary>Counts work in blocks run, so that the time left can be told from the part that is done.</summary>
internal sealed class ScoringWork(int depth, int[][] heads, int[][] neurons, IProgress<double>? progress)
{
    readonly double all = heads.Select((units, block) => units.Length * OfHead(depth, block)).Sum() + neurons.Select((units, block) => units.Length * OfNeuron(depth, block)).Sum();
    double done;

    /// <summary>Heads of a block were scored.</summary>
    public void Heads(int block, int count) => Report(count * OfHead(depth, block));

    /// <summary>Neurons of a block were scored.</summary>
    public void Neurons(int block, int count) => Report(count * OfNeuron(depth, block));

    // A head runs its block's MLP too; the last block's losses cost about what a part of a block does.
    static double OfHead(int depth, int block) => depth - block - 1 + 0.9;

    static double OfNeuron(int depth, int block) => depth - block - 1 + 0.2;

    void Report(double more) => progress?.Report(Math.Min(1, (done += more) / all));
}
