using System.Collections.Immutable;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Profiling;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Evaluation.Planning;

/// <summary>The cheap model of cost: multiply-adds by counting, latency by a profile. Plans whose counts depend on the picture are run on
/// some pictures first. For one thread at a time.</summary>
public sealed class PlanCosts
{
    /// <summary>Pictures on which adaptive plans are counted.</summary>
    const int Calibration = 4;

    readonly float[] input;
    readonly float[] logits;
    readonly int count;

    /// <summary>A model of cost for a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="pictures">The first of them calibrate adaptive plans.</param>
    /// <param name="profile">Predicts latency; null to know multiply-adds alone.</param>
    /// <param name="batch">Pictures in a run that is predicted.</param>
    /// <exception cref="ArgumentException">The profile is of another shape, or this batch size was not profiled.</exception>
    public PlanCosts(VisionTransformer network, IPictureSet pictures, LatencyProfile? profile, int batch)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(pictures);
        (Network, Profile, Batch) = (network, profile, batch);
        count = Math.Min(Calibration, pictures.Count);
        input = new float[count * pictures.InputLength];
        logits = new float[count * network.Classes];
        for (int i = 0; i < count; i++)
            pictures.Read(i, input.AsSpan(i * pictures.InputLength, pictures.InputLength));
        Dense = Of(TokenPlan.Dense);
    }

    /// <summary>The network.</summary>
    public VisionTransformer Network { get; }

    /// <summary>What predicts latency; null where nothing does.</summary>
    public LatencyProfile? Profile { get; }

    /// <summary>Pictures in a run that is predicted.</summary>
    public int Batch { get; }

    /// <summary>What every token costs.</summary>
    public PlanCost Dense { get; }

    /// <summary>What a plan costs.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Its cost.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public PlanCost Of(TokenPlan plan, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (!plan.Adaptive)
            return new(MacCounter.Count(Network, plan).Total, Profile?.Predict(Batch, plan.PatchesByBlock(Network.Depth, Network.PatchTokens)));
        var counter = new Counter(Network, plan);
        Network.Run(input, count, logits, plan, counter, cancellation);
        return new((double)counter.Macs.Total / count, Profile?.Predict(Batch, counter.MeanPatches(count)));
    }

    /// <summary>Counts multiply-adds, and the patches that each block sees.</summary>
    sealed class Counter(VisionTransformer network, TokenPlan plan) : RunObserver
    {
        readonly (int Attention, int Mlp)[] tokens = new (int, int)[network.Depth];

        public MacCounter Macs { get; } = new(network, plan);

        public ImmutableArray<(int Attention, int Mlp)> MeanPatches(int pictures) =>
            [.. tokens.Select(sum => (Patches((double)sum.Attention / pictures), Patches((double)sum.Mlp / pictures)))];

        public override void OnEmbedding(TokenRows tokens) => Macs.OnEmbedding(tokens);

        public override void OnAttention(int block, TokenRows tokens)
        {
            this.tokens[block].Attention = tokens.Count;
            Macs.OnAttention(block, tokens);
        }

        public override void OnMlp(int block, TokenRows tokens)
        {
            this.tokens[block].Mlp = tokens.Count;
            Macs.OnMlp(block, tokens);
        }

        int Patches(double mean) => Math.Max(0, (int)Math.Round(mean) - network.PrefixTokens);
    }
}
