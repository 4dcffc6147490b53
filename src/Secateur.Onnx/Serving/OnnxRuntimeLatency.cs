using System.Diagnostics;
using Secateur.Compression.Tokens;
using Secateur.Evaluation.Profiling;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Onnx.Runtime;

namespace Secateur.Onnx.Serving;

/// <summary>The latency of a network in ONNX Runtime, through a graph of each number of tokens: the embedding, a Gather with fixed indices where there are to
/// be fewer tokens than all, and every block on what that leaves. For one thread at a time.</summary>
/// <param name="network">The network; as many threads as it has are used.</param>
/// <param name="library">The runtime.</param>
/// <param name="provider">What it computes on.</param>
public sealed class OnnxRuntimeLatency(VisionTransformer network, OnnxRuntimeLibrary library, OnnxProvider provider) : NetworkLatency(network), IDisposable
{
    /// <summary>A session holds the weights about twice: as they are, and in the order in which it reads them.</summary>
    const int Copies = 2;

    /// <summary>The part of the machine's memory that open sessions may take; beyond it the one that was used longest ago is closed.</summary>
    const int MemoryParts = 4;

    readonly Dictionary<int, (ServedPlan Plan, OnnxBinding Binding)> open = [];
    readonly LinkedList<int> used = new();
    OnnxTensor? pictures;

    /// <inheritdoc/>
    public override string Runtime => ServedRuntime.Name(library, provider);

    /// <inheritdoc/>
    public override bool KnowsBlocks => false;

    /// <inheritdoc/>
    public override void Prepare(int batch)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        Dispose();
        pictures = ServedPlan.Pictures(Network, batch);
        var random = new Random(0);
        foreach (ref float value in pictures.Values<float>())
            value = (2 * random.NextSingle()) - 1;
    }

    /// <inheritdoc/>
    /// <exception cref="OnnxRuntimeException">The runtime cannot open or run the graph.</exception>
    public override double Run(int tokens, Span<BlockLatency> blocks)
    {
        OnnxBinding binding = Ready(tokens);
        long start = Stopwatch.GetTimestamp();
        binding.Run();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>Closes all sessions.</summary>
    public void Dispose()
    {
        while (used.First is { } first)
            Close(first.Value);
    }

    OnnxBinding Ready(int tokens)
    {
        OnnxTensor input = pictures ?? throw new InvalidOperationException("Prepare comes before Run.");
        if (!open.TryGetValue(tokens, out (ServedPlan Plan, OnnxBinding Binding) one))
        {
            var plan = new ServedPlan(Network, Plan(tokens), (int)input.Shape[0], library, provider, spins: false);
            long most = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / MemoryParts;
            while (used.First is { } oldest && Copies * (open.Values.Sum(other => other.Plan.Bytes) + plan.Bytes) > most)
                Close(oldest.Value);
            open[tokens] = one = (plan, plan.Bind(input, out _));
        }

        used.Remove(tokens);
        used.AddLast(tokens);
        return one.Binding;
    }

    void Close(int tokens)
    {
        used.Remove(tokens);
        (ServedPlan plan, OnnxBinding binding) = open[tokens];
        open.Remove(tokens);
        binding.Dispose();
        plan.Dispose();
    }

    TokenPlan Plan(int tokens)
    {
        int kept = tokens - PrefixTokens;
        ArgumentOutOfRangeException.ThrowIfNegative(kept, nameof(tokens));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(kept, Patches, nameof(tokens));
        return kept == Patches ? TokenPlan.Dense : new($"{tokens} tokens", [new(0, TokenPosition.BeforeBlock, new CentreMask()) { Remove = Patches - kept }]);
    }
}
