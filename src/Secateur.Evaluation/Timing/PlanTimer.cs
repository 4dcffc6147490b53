using System.Collections.Immutable;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Profiling;
using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Evaluation.Timing;

/// <summary>Times plans in turn with the dense network, on real pictures, since what adaptive plans do depends on them. docs/timing.md tells
/// what is measured and how to read it. For one thread at a time.</summary>
public sealed class PlanTimer
{
    /// <summary>Batches that take turns, if they fit into <see cref="MostBytes"/>.</summary>
    const int MostBatches = 8;
    const long MostBytes = 256L << 20;

    readonly VisionTransformer network;
    readonly int batch;
    readonly TimingOptions options;
    readonly float[][] inputs;
    readonly float[] logits;
    readonly string weights;
    readonly IPlanRunner? elsewhere;

    /// <summary>Reads the pictures.</summary>
    /// <param name="network">The network.</param>
    /// <param name="pictures">At least one; those that are not enough for a batch are used again.</param>
    /// <param name="batch">Pictures in a run.</param>
    /// <param name="options">How long is timed; the default is 100 rounds.</param>
    /// <param name="elsewhere">Runs the network in another runtime, which does not tell where its time goes; null for this program's engine.</param>
    public PlanTimer(VisionTransformer network, IPictureSet pictures, int batch, TimingOptions? options = null, IPlanRunner? elsewhere = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        (this.network, this.batch, this.options, this.elsewhere) = (network, batch, options ?? new(), elsewhere);
        weights = WeightsHash.Of(network);
        logits = new float[checked(batch * network.Classes)];
        int length = checked(batch * pictures.InputLength);
        inputs = new float[(int)Math.Clamp(Math.Min(pictures.Count / batch, MostBytes / (sizeof(float) * (long)length)), 1, MostBatches)][];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = new float[length];
            for (int b = 0; b < batch; b++)
                pictures.Read(((i * batch) + b) % pictures.Count, inputs[i].AsSpan(b * pictures.InputLength, pictures.InputLength));
        }
    }

    /// <summary>Times one plan in turn with the dense network.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="progress">Told after each round.</param>
    /// <param name="cancellation">Stops between two rounds: what was measured is returned.</param>
    /// <returns>What was measured.</returns>
    /// <exception cref="OperationCanceledException">It was stopped before the first round.</exception>
    public PlanTiming Measure(TokenPlan plan, IProgress<TimingProgress>? progress = null, CancellationToken cancellation = default) =>
        Measure([plan], progress, cancellation)[0];

    /// <summary>Times plans and the dense network, all in one series: in each round each plan runs once and the dense network twice, all on the same pictures.</summary>
    /// <param name="plans">At least one.</param>
    /// <param name="progress">Told after each round.</param>
    /// <param name="cancellation">Stops between two rounds: what was measured is returned, and <see cref="SideBySide.Rounds"/> says how much it is.</param>
    /// <returns>What was measured, in the order of the plans.</returns>
    /// <exception cref="OperationCanceledException">It was stopped before the first round.</exception>
    public ImmutableArray<PlanTiming> Measure(IReadOnlyList<TokenPlan> plans, IProgress<TimingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plans);
        ArgumentOutOfRangeException.ThrowIfZero(plans.Count, nameof(plans));

        // The dense network, each plan, the dense network again.
        TokenPlan[] all = [TokenPlan.Dense, .. plans, TokenPlan.Dense];
        IPlanRunner runner = elsewhere ?? new EngineRunner(network);
        var turns = new Turns([.. all.Select(plan => runner.Ready(plan, batch, inputs)).Select(run => (Action<int>)(round => run(round % inputs.Length)))], options, [.. all.Select(_ => runner.StaysAwake)]);
        var watch = new StageWatch(network.Depth);
        List<StageTimes>[] watched = [.. all[..^1].Select(_ => new List<StageTimes>())];
        var waiting = new WaitingForCores();
        turns.Measure(elsewhere is null ? Watch : null, progress, cancellation);
        if (turns.Rounds == 0)
            throw new OperationCanceledException(cancellation);
        double? waited = waiting.Part(network.Threads.Count);
        return [.. plans.Select((plan, i) => Timing(plan, turns, i + 1, watched) with { Waited = waited })];

        void Watch(int round)
        {
            for (int i = 0; i < watched.Length; i++)
            {
                watch.Start();
                network.Run(Input(round), batch, logits, all[i], watch, CancellationToken.None);
                watched[i].Add(watch.Stop());
            }
        }
    }

    /// <summary>Multiply-adds that a plan executes, on the pictures that are timed.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>For one picture, in the mean: of the blocks alone, of selection, and all that is executed, patch embedding and classifier included.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public (double Blocks, double Selection, double Executed) CountMacs(TokenPlan plan, CancellationToken cancellation = default)
    {
        var counter = new MacCounter(network, plan);
        foreach (float[] input in inputs)
            network.Run(input, batch, logits, plan, counter, cancellation);
        double images = counter.Images;
        return (counter.Blocks / images, counter.Selection / images, counter.Executed / images);
    }

    float[] Input(int round) => inputs[round % inputs.Length];

    PlanTiming Timing(TokenPlan plan, Turns turns, int index, List<StageTimes>[] watched)
    {
        IReadOnlyList<double> dense = turns.Milliseconds[0], own = turns.Milliseconds[index], again = turns.Milliseconds[^1];
        Percentiles denseTimes = Percentiles.Of(dense.Concat(again)), planTimes = Percentiles.Of(own);
        return new()
        {
            Architecture = network.Config.Architecture,
            Weights = weights,
            Name = plan.Name,
            Device = DeviceFingerprint.OfThisMachine(),
            Threads = network.Threads.Count,
            Batch = batch,
            Rounds = turns.Rounds,
            WarmUp = turns.WarmUpRounds,
            Steady = turns.Steady,
            Dense = denseTimes,
            Plan = planTimes,
            Speedup = BlockBootstrap.Ratio(dense, own, options.Seed),
            Control = BlockBootstrap.Ratio(dense, again, options.Seed),
            DenseStages = elsewhere is null ? StageTimes.Of(watched[0], denseTimes.P50) : default,
            PlanStages = elsewhere is null ? StageTimes.Of(watched[index], planTimes.P50) : default,
        };
    }
}
