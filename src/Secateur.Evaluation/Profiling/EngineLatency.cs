using System.Diagnostics;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Evaluation.Profiling;

/// <summary>The latency of a network in this program's engine. With fewer than all tokens, the rest is dropped before the first block and
/// the time of dropping is taken off, so that what remains is the network itself.</summary>
/// <param name="network">The network.</param>
public sealed class EngineLatency(VisionTransformer network) : ILatencySource
{
    readonly BlockWatch watch = new(network.Depth);
    readonly Dictionary<int, TokenPlan> plans = [];
    float[] images = [];
    float[] logits = [];
    int pictures;

    /// <inheritdoc/>
    public string Runtime => "secateur";

    /// <inheritdoc/>
    public string Architecture => network.Config.Architecture;

    /// <inheritdoc/>
    public string WeightsHash { get; } = Models.Checkpoints.WeightsHash.Of(network);

    /// <inheritdoc/>
    public int Threads => network.Threads.Count;

    /// <inheritdoc/>
    public int Depth => network.Depth;

    /// <inheritdoc/>
    public int PrefixTokens => network.PrefixTokens;

    /// <inheritdoc/>
    public int Patches => network.PatchTokens;

    /// <inheritdoc/>
    public bool KnowsBlocks => true;

    /// <inheritdoc/>
    public void Prepare(int batch)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        pictures = batch;
        logits = new float[checked(batch * network.Classes)];
        images = new float[checked(batch * network.ImageLength)];
        var random = new Random(0);
        foreach (ref float value in images.AsSpan())
            value = (2 * random.NextSingle()) - 1;
    }

    /// <inheritdoc/>
    public double Run(int tokens, Span<BlockLatency> blocks)
    {
        if (!plans.TryGetValue(tokens, out TokenPlan? plan))
            plans[tokens] = plan = Plan(tokens);
        long start = Stopwatch.GetTimestamp();
        network.Run(images, pictures, logits, plan, watch);
        long end = Stopwatch.GetTimestamp();
        watch.Read(blocks);
        return BlockWatch.Milliseconds(end - start - watch.Dropping);
    }

    /// <summary>Every block on this many tokens.</summary>
    internal TokenPlan Plan(int tokens)
    {
        int kept = tokens - PrefixTokens;
        ArgumentOutOfRangeException.ThrowIfNegative(kept, nameof(tokens));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(kept, Patches, nameof(tokens));
        return kept == Patches
            ? TokenPlan.Dense
            : new($"{tokens} tokens", [new(0, TokenPosition.BeforeBlock, new EvenlySpread(PrefixTokens, Patches, kept)) { Remove = Patches - kept }]);
    }

    /// <summary>Keeps patches at equal distances; decided beforehand, so that a run only gathers them.</summary>
    sealed class EvenlySpread(int prefix, int patches, int kept) : ITokenReducer
    {
        readonly TokenMap map = TokenMap.Keep(
            prefix + patches, [.. Enumerable.Range(0, prefix), .. Enumerable.Range(0, kept).Select(i => prefix + (int)((long)i * patches / kept))]);

        public TokenSignals Needs => TokenSignals.None;

        public TokenMap Reduce(in TokenView view, int remove) => map;
    }
}
