using System.Diagnostics;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Evaluation.Profiling;

/// <summary>The latency of a network in this program's engine. With fewer than all tokens, the rest is dropped before the first block and
/// the time of dropping is taken off, so that what remains is the network itself.</summary>
/// <param name="network">The network.</param>
public sealed class EngineLatency(VisionTransformer network) : NetworkLatency(network)
{
    readonly BlockWatch watch = new(network.Depth);
    readonly Dictionary<int, TokenPlan> plans = [];
    float[] images = [];
    float[] logits = [];
    int pictures;

    /// <inheritdoc/>
    public override string Runtime => "secateur";

    /// <inheritdoc/>
    public override bool KnowsBlocks => true;

    /// <inheritdoc/>
    public override void Prepare(int batch)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        pictures = batch;
        logits = new float[checked(batch * Network.Classes)];
        images = new float[checked(batch * Network.ImageLength)];
        var random = new Random(0);
        foreach (ref float value in images.AsSpan())
            value = (2 * random.NextSingle()) - 1;
    }

    /// <inheritdoc/>
    public override double Run(int tokens, Span<BlockLatency> blocks)
    {
        if (!plans.TryGetValue(tokens, out TokenPlan? plan))
            plans[tokens] = plan = Plan(tokens);
        long start = Stopwatch.GetTimestamp();
        Network.Run(images, pictures, logits, plan, watch);
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
