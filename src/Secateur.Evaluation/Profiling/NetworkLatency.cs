using Secateur.Models.Vit;

namespace Secateur.Evaluation.Profiling;

/// <summary>A network whose latency is measured: what every runtime says of it alike.</summary>
/// <param name="network">The network; a run takes as many threads as it has.</param>
public abstract class NetworkLatency(VisionTransformer network) : ILatencySource
{
    /// <inheritdoc/>
    public abstract string Runtime { get; }

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
    public abstract bool KnowsBlocks { get; }

    /// <summary>The network.</summary>
    protected VisionTransformer Network => network;

    /// <inheritdoc/>
    public abstract void Prepare(int batch);

    /// <inheritdoc/>
    public abstract double Run(int tokens, Span<BlockLatency> blocks);
}
