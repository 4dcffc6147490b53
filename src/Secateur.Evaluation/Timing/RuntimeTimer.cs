using System.Collections.Immutable;
using Secateur.Evaluation.Datasets;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Evaluation.Timing;

/// <summary>How fast one runtime is under one plan.</summary>
/// <param name="Runtime">The runtime.</param>
/// <param name="Plan">The plan's name.</param>
/// <param name="Times">Milliseconds of a run of the whole batch.</param>
/// <param name="OverDense">The dense network's time over the plan's in the same runtime: above 1 where the plan is faster. Null of dense itself.</param>
/// <param name="OverFirst">The first runtime's time over this one's under the same plan: above 1 where this one is faster. Null of the first.</param>
public sealed record RuntimeTiming(string Runtime, string Plan, Percentiles Times, Estimate? OverDense, Estimate? OverFirst);

/// <summary>Runtimes that were timed in turn with each other.</summary>
/// <param name="Batch">Pictures in a run.</param>
/// <param name="Rounds">How often each was timed, after warming up.</param>
/// <param name="WarmUp">Rounds before the first that counts.</param>
/// <param name="Steady">Whether times had stopped falling then.</param>
/// <param name="Waited">The part of the time that threads had to wait for a core; null where the system does not tell.</param>
/// <param name="Control">The dense network in the first runtime over itself: what this series finds where there is nothing to find.</param>
/// <param name="Timings">Runtime after runtime, dense first.</param>
public sealed record RuntimeSeries(int Batch, int Rounds, int WarmUp, bool Steady, double? Waited, Estimate Control, ImmutableArray<RuntimeTiming> Timings)
{
    /// <summary>Whether a ratio lies beyond the series' own noise.</summary>
    /// <param name="ratio">Above 1 where something is faster.</param>
    /// <returns>Whether its interval holds neither 1 nor anything of the control's.</returns>
    public bool Differs(Estimate ratio) =>
        Rounds >= SideBySide.FewestRounds && (ratio.Low > Math.Max(1, Control.High) || ratio.High < Math.Min(1, Control.Low));
}

/// <summary>Times the same network and plans in several runtimes, all in one series: in each round each runs once, in an order drawn anew, on the same
/// pictures, and the dense network of the first runtime once more.</summary>
public static class RuntimeTimer
{
    /// <summary>Batches that take turns.</summary>
    const int MostBatches = 4;

    /// <summary>Times them.</summary>
    /// <param name="network">The network.</param>
    /// <param name="runners">The runtimes; the first is what others are compared with.</param>
    /// <param name="plans">Plans besides dense.</param>
    /// <param name="pictures">At least one; those that are not enough for a batch are used again.</param>
    /// <param name="batch">Pictures in a run.</param>
    /// <param name="options">How long is timed; the default is 100 rounds.</param>
    /// <param name="progress">Told after each round.</param>
    /// <param name="cancellation">Stops between two rounds: what was measured is returned.</param>
    /// <returns>What was measured.</returns>
    /// <exception cref="OperationCanceledException">It was stopped before the first round.</exception>
    public static RuntimeSeries Measure(
        VisionTransformer network,
        IReadOnlyList<IPlanRunner> runners,
        IReadOnlyList<TokenPlan> plans,
        IPictureSet pictures,
        int batch,
        TimingOptions? options = null,
        IProgress<TimingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(runners);
        ArgumentNullException.ThrowIfNull(plans);
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentOutOfRangeException.ThrowIfZero(runners.Count, nameof(runners));
        options ??= new();
        float[][] inputs = Inputs(pictures, batch);
        TokenPlan[] all = [TokenPlan.Dense, .. plans];
        (IPlanRunner Runner, TokenPlan Plan)[] cells = [.. runners.SelectMany(runner => all.Select(plan => (runner, plan)))];
        Action<int>[] runs = [.. cells.Select(cell => cell.Runner.Ready(cell.Plan, batch, inputs))];
        var turns = new Turns([.. runs.Append(runs[0]).Select(run => (Action<int>)(round => run(round % inputs.Length)))], options, [.. cells.Append(cells[0]).Select(cell => cell.Runner.StaysAwake)]);
        var waiting = new WaitingForCores();
        turns.Measure(null, progress, cancellation);
        if (turns.Rounds == 0)
            throw new OperationCanceledException(cancellation);
        return new(batch, turns.Rounds, turns.WarmUpRounds, turns.Steady, waiting.Part(network.Threads.Count), Ratio(0, cells.Length)!.Value, [.. cells.Select(Timing)]);

        RuntimeTiming Timing((IPlanRunner Runner, TokenPlan Plan) cell, int index)
        {
            int plan = index % all.Length;
            return new(cell.Runner.Runtime, cell.Plan.Name, Percentiles.Of(turns.Milliseconds[index]), Ratio(index - plan, index), Ratio(plan, index));
        }

        Estimate? Ratio(int one, int other) => one == other ? null : BlockBootstrap.Ratio(turns.Milliseconds[one], turns.Milliseconds[other], options.Seed);
    }

    static float[][] Inputs(IPictureSet pictures, int batch)
    {
        var inputs = new float[Math.Clamp(pictures.Count / batch, 1, MostBatches)][];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = new float[checked(batch * pictures.InputLength)];
            for (int b = 0; b < batch; b++)
                pictures.Read(((i * batch) + b) % pictures.Count, inputs[i].AsSpan(b * pictures.InputLength, pictures.InputLength));
        }

        return inputs;
    }
}
