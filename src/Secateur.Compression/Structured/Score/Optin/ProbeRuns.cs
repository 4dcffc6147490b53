using Secateur.Kernels;
using Secateur.Models;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Structured.Score.Optin;

/// <summary>The ways back of one scoring.</summary>
internal sealed class ProbeRuns
{
    readonly Transformer network;
    readonly FastOptinOptions options;
    readonly CancellationToken cancellation;
    readonly CheckpointedRun[] runs;
    readonly ManifoldProbe[] probes;
    readonly BlockActivations seen = new();

    public ProbeRuns(Calibration calibration, FastOptinOptions options, CancellationToken cancellation)
    {
        (network, this.options, this.cancellation) = (calibration.Network, options, cancellation);
        int[] heads = [.. network.Blocks.Select(block => block.Heads)], neurons = [.. network.Blocks.Select(block => block.Neurons)];
        (HeadManifold, NeuronManifold) = (new(options.Probes, heads), new(options.Probes, neurons));
        (HeadAnswers, NeuronAnswers) = (new(options.AnswerProbes, heads), new(options.AnswerProbes, neurons));
        runs = [.. calibration.Batches.Select(batch => new CheckpointedRun(network, batch.Tokens, cancellation))];
        var rows = ManifoldRows.Draw(calibration, options.Optin.ManifoldRows, options.Optin.Seed);
        probes = [.. Enumerable.Range(0, network.Depth).Select(block => Probe(rows, block))];
    }

    ProbeSums HeadManifold { get; }

    ProbeSums NeuronManifold { get; }

    ProbeSums HeadAnswers { get; }

    ProbeSums NeuronAnswers { get; }

    /// <summary>All probes of one batch, block after block from the last: each block is computed again once for all of them.</summary>
    public void Run(int batch)
    {
        TokenRows last = runs[batch].Last;
        Matrix[] manifold = [.. Enumerable.Range(0, options.Probes).Select(_ => Matrix.Allocate(last.Count, network.Width))];
        Matrix[] answers = [.. Enumerable.Range(0, options.AnswerProbes).Select(probe => AnswerGradient(batch, probe))];
        for (int block = network.Depth - 1; block >= 0; block--)
        {
            cancellation.ThrowIfCancellationRequested();
            runs[batch].Look(block, seen);
            Matrix heads = Matrix.Allocate(last.Sequences, seen.Shape.Heads), neurons = Matrix.Allocate(last.Sequences, seen.Shape.Neurons);
            for (int probe = 0; probe < answers.Length; probe++)
            {
                network.Backward(block, seen, answers[probe], block > 0 ? answers[probe] : null, options.ExactHeads ? null : heads, neurons);
                Add(HeadAnswers, NeuronAnswers, block, heads, neurons);
            }

            for (int probe = 0; probe < manifold.Length; probe++)
            {
                // 1. The units of this block, by the losses of the blocks after it.
                if (block < network.Depth - 1)
                {
                    network.Backward(block, seen, manifold[probe], null, options.ExactHeads ? null : heads, neurons);
                    Add(HeadManifold, NeuronManifold, block, heads, neurons);
                }

                // 2. This block's own loss joins them on the way to the blocks before it.
                if (block == 0)
                    continue;
                probes[block].AddTo(network.Threads, batch, probe, manifold[probe]);
                network.Backward(block, seen, manifold[probe], manifold[probe], null, null);
            }
        }
    }

    public UnitLoss[][] HeadLosses => Losses(network.Blocks.Select(block => block.Heads), HeadManifold, HeadAnswers);

    public UnitLoss[][] NeuronLosses => Losses(network.Blocks.Select(block => block.Neurons), NeuronManifold, NeuronAnswers);

    static UnitLoss[][] Losses(IEnumerable<int> units, ProbeSums manifold, ProbeSums answers) =>
        [.. units.Select((count, block) => Enumerable.Range(0, count).Select(unit => new UnitLoss(manifold.Of(block, unit), answers.Of(block, unit))).ToArray())];

    void Add(ProbeSums toHeads, ProbeSums toNeurons, int block, Matrix heads, Matrix neurons)
    {
        if (!options.ExactHeads)
            toHeads.Add(block, heads);
        toNeurons.Add(block, neurons);
    }

    ManifoldProbe Probe(ManifoldRows rows, int block)
    {
        Matrix features = Matrix.Allocate(rows.Count, network.Width);
        var lengths = new float[rows.Count];
        for (int batch = 0, to = 0; batch < runs.Length; batch++)
        {
            Matrix tokens = runs[batch].After(block).Rows;
            rows.Gather(batch, tokens, features);
            foreach (int row in rows.Of[batch])
                lengths[to] = Product(tokens.Row(row), features.Row(to++));
        }

        return new(rows, features, lengths, ((uint)options.Seed * 0xD2511F53) + ((uint)block * 0xCD9E8D57));
    }

    Matrix AnswerGradient(int batch, int probe)
    {
        float[] logits = runs[batch].Logits;
        var random = new Random((options.Seed * 31) + (batch * 1009) + probe);
        Matrix answers = Matrix.Allocate(logits.Length / network.Classes, network.Classes), gradient = Matrix.Allocate(runs[batch].Last.Count, network.Width);
        for (int i = 0; i < answers.Rows; i++)
            AnswerProbe.Draw(logits.AsSpan(i * network.Classes, network.Classes), network.AnswerKind, options.Optin, random, answers.Row(i));
        network.HeadBackward(runs[batch].Last, answers, gradient);
        return gradient;
    }

    static float Product(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int c = 0; c < a.Length; c++)
            sum += (double)a[c] * b[c];
        return (float)sum;
    }
}
