using System.Collections.Immutable;
using System.Diagnostics;
using Secateur.Compression.Structured;
using Secateur.Models;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Evaluation.Profiling;

/// <summary>The latency of narrower networks in this program's engine: whole networks, so that each block's weights come from where they come from
/// in earnest. Which units are left does not matter to the time: the first ones.</summary>
/// <param name="network">The network.</param>
/// <param name="tokens">Tokens of a text; of pictures, what the network makes of one.</param>
public sealed class EngineWidths(Transformer network, int tokens) : IWidthLatencySource
{
    readonly BlockWatch watch = new(network.Depth);
    Transformer[] narrower = [];
    float[] images = [];
    float[] logits = [];
    TokenRows? embedded;
    TokenRows? rows;
    int sequences;

    /// <summary>For a network of pictures.</summary>
    /// <param name="network">The network.</param>
    public EngineWidths(VisionTransformer network)
        : this(network, Required(network).PrefixTokens + network.PatchTokens)
    {
    }

    /// <inheritdoc/>
    public ImmutableArray<BlockShape> Blocks => network.Blocks;

    /// <inheritdoc/>
    public int Tokens => tokens;

    /// <inheritdoc/>
    public void Prepare(int batch, ImmutableArray<ImmutableArray<(int Heads, int Neurons)>> networks)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        sequences = batch;
        narrower = [.. networks.Select(widths => Surgeon.Apply(network, new(
            [.. widths.Select(width => new LayerPlan([.. Enumerable.Range(0, width.Heads)], [.. Enumerable.Range(0, width.Neurons)]))])))];
        if (network is VisionTransformer pictures)
        {
            images = new float[checked(batch * pictures.ImageLength)];
            Draw(images, new Random(0));
            logits = new float[checked(batch * network.Classes)];
            return;
        }

        int count = checked(batch * tokens);
        (embedded, rows) = (new(batch, count, network.Width), new(batch, count, network.Width));
        embedded.Reset([.. Enumerable.Repeat(tokens, batch)]);
        var random = new Random(0);
        for (int i = 0; i < count; i++)
            Draw(embedded.Rows.Row(i), random);
        logits = new float[checked(network.Answers(embedded) * network.Classes)];
    }

    /// <inheritdoc/>
    public double Run(int index, Span<BlockLatency> blocks)
    {
        rows?.CopyFrom(embedded!);
        long start = Stopwatch.GetTimestamp();
        if (narrower[index] is VisionTransformer pictures)
            pictures.Run(images, sequences, logits, TokenPlan.Dense, watch);
        else
            narrower[index].RunBlocks(rows!, 0, logits, watch);
        long end = Stopwatch.GetTimestamp();
        watch.Read(blocks);
        return BlockWatch.Milliseconds(end - start);
    }

    static VisionTransformer Required(VisionTransformer network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return network;
    }

    static void Draw(Span<float> values, Random random)
    {
        foreach (ref float value in values)
            value = (2 * random.NextSingle()) - 1;
    }
}
