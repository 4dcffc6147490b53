using System.Collections.Immutable;

namespace Secateur.Evaluation.Profiling;

/// <summary>How long a network takes on a device, against the number of tokens: whole, and block by block.</summary>
/// <remarks>For the tail effect (Eliopoulos et al., 2024, "Pruning One More Token is Enough", section 3.1): latency against workload may be
/// a staircase, and is measured rather than modelled. docs/formats/profile.md describes the file.</remarks>
public sealed record LatencyProfile
{
    /// <summary>What the network calls itself.</summary>
    public required string Architecture { get; init; }

    /// <summary>Which weights: <see cref="Models.Checkpoints.WeightsHash"/>.</summary>
    public required string WeightsHash { get; init; }

    /// <summary>Number of blocks.</summary>
    public required int Depth { get; init; }

    /// <summary>Tokens before the patches.</summary>
    public required int PrefixTokens { get; init; }

    /// <summary>Patch tokens of a picture.</summary>
    public required int Patches { get; init; }

    /// <summary>What ran it, with all that its times depend on: "secateur", "onnxruntime 1.30.0, cpu".</summary>
    public required string Runtime { get; init; }

    /// <summary>Threads in use.</summary>
    public required int Threads { get; init; }

    /// <summary>Where it was measured.</summary>
    public required DeviceFingerprint Device { get; init; }

    /// <summary>The version of the program that measured.</summary>
    public required string Tool { get; init; }

    /// <summary>Whether measuring came to its end; one that was stopped still holds its single runs.</summary>
    public bool Finished { get; init; }

    /// <summary>What was measured, a batch size each.</summary>
    public ImmutableArray<BatchLatency> Batches { get; init; } = [];

    /// <summary>Tokens of a picture that nobody pruned: prefix and patches.</summary>
    public int FullTokens => PrefixTokens + Patches;

    /// <summary>What was measured at this batch size.</summary>
    /// <param name="batch">Pictures in a run.</param>
    /// <returns>Its points.</returns>
    /// <exception cref="ArgumentException">It was not measured.</exception>
    public BatchLatency At(int batch)
    {
        foreach (BatchLatency one in Batches)
            if (one.Batch == batch)
                return one;
        throw new ArgumentException($"Batch {batch} was not profiled, only {string.Join(", ", Batches.Select(one => one.Batch))}; profile it with --batch {batch}.", nameof(batch));
    }

    /// <summary>Milliseconds of a run of the whole network with this many tokens in every block, on straight lines between what was measured.</summary>
    /// <param name="batch">Pictures in the run.</param>
    /// <param name="tokens">Tokens of a picture, those of the prefix included.</param>
    /// <returns>Milliseconds for the whole batch.</returns>
    /// <exception cref="ArgumentException">The batch size was not measured.</exception>
    public double Latency(int batch, double tokens) => At(batch).Latency(tokens);

    /// <summary>Milliseconds of one block with this many tokens.</summary>
    /// <param name="batch">Pictures in the run.</param>
    /// <param name="block">Index of the block, from 0.</param>
    /// <param name="tokens">Tokens of a picture, those of the prefix included.</param>
    /// <returns>Milliseconds for the whole batch.</returns>
    /// <exception cref="ArgumentException">The batch size was not measured, or there is no such block.</exception>
    /// <exception cref="InvalidOperationException">The runtime did not say what its blocks take.</exception>
    public double Block(int batch, int block, double tokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(block);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(block, Depth);
        BatchLatency at = At(batch);
        return KnowsBlocks(at) ? at.Block(block, tokens).Total : throw new InvalidOperationException($"{Runtime} did not say what its blocks take; only whole runs were profiled.");
    }

    /// <summary>Milliseconds that a plan will take, reductions themselves apart: each block's attention and MLP at the counts that they
    /// see, and what is outside the blocks. Where blocks are not known, each is taken for an equal part of the whole.</summary>
    /// <param name="batch">Pictures in the run.</param>
    /// <param name="patches">Patches (without the prefix) that each block's attention and MLP see, [depth]: what
    /// <see cref="Models.Tokens.TokenPlan.PatchesByBlock"/> says.</param>
    /// <returns>Milliseconds for the whole batch. The same count n everywhere gives <see cref="Latency"/> of n.</returns>
    /// <exception cref="ArgumentException">The batch size was not measured, or the counts are of another depth.</exception>
    public double Predict(int batch, ImmutableArray<(int Attention, int Mlp)> patches)
    {
        if (patches.Length != Depth)
            throw new ArgumentException($"Counts of {patches.Length} blocks for a network of {Depth}.", nameof(patches));
        BatchLatency at = At(batch);
        bool blocks = KnowsBlocks(at);
        double sum = blocks ? at.Outside(PrefixTokens + patches[^1].Mlp) : 0;
        for (int i = 0; i < patches.Length; i++)
        {
            int attention = PrefixTokens + patches[i].Attention, mlp = PrefixTokens + patches[i].Mlp;
            sum += (blocks, attention == mlp) switch
            {
                (true, true) => at.Block(i, mlp).Total,
                (true, false) => at.Block(i, attention).Attention + at.Block(i, mlp).Mlp,
                _ => (at.Latency(attention) + at.Latency(mlp)) / 2 / Depth,
            };
        }

        return sum;
    }

    static bool KnowsBlocks(BatchLatency at) => !at.Points.IsEmpty && !at.Points[0].Blocks.IsEmpty;
}
