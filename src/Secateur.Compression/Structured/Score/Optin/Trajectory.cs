using System.Collections.Immutable;
using Secateur.Kernels;
using Secateur.Models;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Structured.Score.Optin;

/// <summary>What the whole network makes of a calibration, block after block, and how far that moves where a unit is missing.</summary>
internal sealed class Trajectory
{
    // Enough rows for the products to run at full speed; few enough that what a block computes of them stays near the cores.
    const int RowsAtOnce = 2048;
    const int CopiesAtMost = 64;
    const long FeatureFloats = 64L << 20;

    readonly Transformer network;
    readonly OptinOptions options;
    readonly CancellationToken cancellation;
    readonly ImmutableArray<TokenRows> chunks;
    readonly BlockActivations[] seen;
    readonly FeatureTap tap;
    readonly Matrix[] teacher;
    readonly float[][] answers;
    readonly Matrix[][] students;
    readonly ManifoldLoss[] losses;
    readonly MaskedBatch masked;
    readonly float[] logits;

    /// <summary>Runs the whole network.</summary>
    public Trajectory(Calibration calibration, OptinOptions options, bool language, CancellationToken cancellation)
    {
        (network, this.options, this.cancellation) = (calibration.Network, options, cancellation);
        chunks = CalibrationChunks.Cut(calibration, RowsAtOnce);
        seen = [.. chunks.Select(_ => new BlockActivations())];
        var rows = ManifoldRows.Draw(new(network, [.. chunks.Select(chunk => new CalibrationBatch(chunk, []))]), options.ManifoldRows, options.Seed);
        tap = FeatureTap.Of(rows, network, options.Compatibility, language);
        Matrix[] Features() => [.. Enumerable.Range(0, network.Depth).Select(_ => Matrix.Allocate(rows.Count, network.Width))];
        teacher = Features();
        int longest = chunks.Max(chunk => chunk.Count);
        int copies = (int)Math.Clamp(Math.Min(RowsAtOnce / Math.Max(1, longest), FeatureFloats / ((long)network.Depth * rows.Count * network.Width)), 1, CopiesAtMost);
        students = [.. Enumerable.Range(0, copies).Select(_ => Features())];
        losses = [.. Enumerable.Range(0, network.Threads.Count).Select(_ => new ManifoldLoss(rows.Count, network.Width))];
        masked = new(network, copies * longest, copies * chunks.Max(chunk => chunk.Sequences));
        answers = [.. chunks.Select(chunk => new float[network.Answers(chunk) * network.Classes])];
        logits = new float[copies * answers.Max(answer => answer.Length)];
        for (int i = 0; i < chunks.Length; i++)
        {
            TokenRows tokens = chunks[i].Copy();
            tap.Begin([teacher], i, network.Threads);
            network.RunBlocks(tokens, 0, answers[i], tap, cancellation);
        }
    }

    /// <summary>Looks at the first blocks in turn.</summary>
    /// <param name="stream">The network whose blocks carry the tokens on from block to block.</param>
    /// <param name="blocks">How many.</param>
    /// <param name="visit">Called while a block is in sight.</param>
    public void Follow(Transformer stream, int blocks, Action<int> visit)
    {
        TokenRows[] tokens = [.. chunks.Select(chunk => chunk.Copy())];
        var other = new BlockActivations();
        for (int block = 0; block < blocks; block++)
        {
            for (int i = 0; i < chunks.Length; i++)
                network.Look(block, tokens[i], seen[i]);
            visit(block);
            for (int i = 0; i < chunks.Length; i++)
            {
                if (stream != network)
                    stream.Look(block, tokens[i], other);
                Copy((stream == network ? seen[i] : other).Output, tokens[i].Rows);
            }
        }
    }

    /// <summary>Masks heads of the block in sight, one a copy.</summary>
    public void MaskHeads(int block, int[] heads, UnitEffect?[] effects, ScoringWork work)
    {
        var weights = new BlockWeights(network, block);
        foreach (int[] group in heads.Chunk(students.Length))
        {
            Run(block, BlockSum.Middle, group, (copy, chunk) => masked.WithoutHead(copy, chunk, group[copy], weights), effects);
            work.Heads(block, group.Length);
        }
    }

    /// <summary>Masks neurons of the block in sight, one a copy.</summary>
    public void MaskNeurons(int block, int[] neurons, UnitEffect?[] effects, ScoringWork work)
    {
        var weights = new BlockWeights(network, block);
        foreach (int[] group in neurons.Chunk(students.Length))
        {
            Run(block, BlockSum.Output, group, (copy, chunk) => masked.WithoutNeuron(copy, chunk, group[copy], weights), effects);
            work.Neurons(block, group.Length);
        }
    }

    void Run(int block, BlockSum sum, int[] group, Action<int, BlockActivations> mask, UnitEffect?[] effects)
    {
        Matrix[][] copies = students[..group.Length];
        var moved = new double[group.Length];
        for (int i = 0; i < chunks.Length; i++)
        {
            masked.Begin(group.Length, seen[i]);
            tap.Begin(copies, i, network.Threads);
            if (options.Compatibility)
                ShowWhatIsBefore(block, sum, seen[i]);
            for (int copy = 0; copy < group.Length; copy++)
                mask(copy, seen[i]);
            Span<float> answer = logits.AsSpan(0, group.Length * answers[i].Length);
            network.RunOn(masked.Tokens, block, sum, answer, tap, cancellation);
            for (int copy = 0; copy < group.Length; copy++)
                for (int from = 0; from < answers[i].Length; from += network.Classes)
                    moved[copy] += LossOf(answers[i].AsSpan(from, network.Classes), answer.Slice((copy * answers[i].Length) + from, network.Classes));
        }

        // Features before the block have not moved.
        int later = network.Depth - block;
        var manifold = new double[group.Length * later];
        network.Threads.For(manifold.Length, new Losses(losses, teacher, copies, block, manifold));
        for (int copy = 0; copy < group.Length; copy++)
            effects[group[copy]] = new([.. new double[block], .. manifold.AsSpan(copy * later, later)], moved[copy]);
    }

    double LossOf(ReadOnlySpan<float> whole, ReadOnlySpan<float> changed) =>
        AnswerLoss.Of(network.AnswerKind, whole, changed, options.Temperature, softens: options.SoftensLogits && !options.Compatibility);

    /// <summary>The released code takes features before the unit that is masked.</summary>
    void ShowWhatIsBefore(int block, BlockSum sum, BlockActivations whole)
    {
        masked.Fill(whole.Input);
        tap.OnAttention(block, masked.Tokens);
        if (sum == BlockSum.Middle)
            return;
        masked.Fill(whole.Middle);
        tap.OnMlp(block, masked.Tokens);
    }

    static void Copy(Matrix from, Matrix to)
    {
        for (int i = 0; i < from.Rows; i++)
            from.Row(i).CopyTo(to.Row(i));
    }

    readonly struct Losses(ManifoldLoss[] losses, Matrix[] teacher, Matrix[][] students, int block, double[] manifold) : IWork
    {
        public void Run(int task, int worker)
        {
            (int copy, int later) = Math.DivRem(task, manifold.Length / students.Length);
            manifold[task] = losses[worker].Of(Threads.Inline, teacher[block + later], students[copy][block + later]);
        }
    }
}
