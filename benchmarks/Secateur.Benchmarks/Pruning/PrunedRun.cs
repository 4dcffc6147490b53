using System.Globalization;
using System.Text.Json.Nodes;
using Secateur.Benchmarks.Measuring;
using Secateur.Benchmarks.Networks;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Benchmarks.Pruning;

/// <summary>One plan on one network: dense, pruned, and pruned with all decisions made beforehand, a run each in turns.</summary>
/// <param name="Plan">Name of the plan.</param>
/// <param name="MacRatio">Multiply-adds of the dense run over those that the pruned run executed.</param>
/// <param name="Dense">Milliseconds.</param>
/// <param name="Pruned">Milliseconds.</param>
/// <param name="Gain">Dense over pruned, round by round.</param>
/// <param name="Selection">What the pruned run costs beyond one that repeats its decisions, as a share of it, round by round.</param>
/// <param name="Deciding">Time inside the decisions, as a share of the pruned run.</param>
/// <param name="Yielding">What attention costs more when it yields what the methods look at, as a share, round by round.</param>
internal sealed record PrunedRun(string Plan, double MacRatio, Spread Dense, Spread Pruned, Spread Gain, Spread Selection, double Deciding, Spread Yielding)
{
    public static PrunedRun Measure(VisionTransformer model, TokenPlan plan, int rounds)
    {
        float[] picture = DeitNetwork.Pictures(model, 1), logits = new float[model.Classes];
        var decisions = new RecordedDecisions();
        model.Run(picture, 1, logits, plan, decisions);
        TokenPlan replay = decisions.Replay(plan, withSignals: false), yielding = decisions.Replay(plan, withSignals: true);
        MacCounter denseMacs = new(model, TokenPlan.Dense), macs = new(model, plan);
        model.Run(picture, 1, logits, TokenPlan.Dense, denseMacs);
        model.Run(picture, 1, logits, plan, macs);

        double[][] times = Turns.Measure(
            rounds, 0, () => model.Run(picture, 1, logits), () => model.Run(picture, 1, logits, plan), () => model.Run(picture, 1, logits, replay), () => model.Run(picture, 1, logits, yielding));
        Spread pruned = Spread.Of(times[1]);
        return new(
            plan.Name,
            (double)denseMacs.Total / macs.Total,
            Spread.Of(times[0]),
            pruned,
            Spread.Of(times[0].Zip(times[1], (d, p) => d / p)),
            Spread.Of(times[1].Zip(times[2], (p, r) => (p - r) / p)),
            MillisecondsOfDecisions(model, plan, picture) / pruned.Median,
            Spread.Of(times[3].Zip(times[2], (y, r) => (y - r) / y)));
    }

    static double MillisecondsOfDecisions(VisionTransformer model, TokenPlan plan, float[] picture)
    {
        TimedReducer[] watches = [.. plan.Stages.Select(stage => new TimedReducer(stage.Reducer))];
        var watched = new TokenPlan(plan.Name, [.. plan.Stages.Select((stage, i) => stage with { Reducer = watches[i] })]);
        var times = new List<double>();
        for (int i = 0; i < 50; i++)
        {
            model.Run(picture, 1, watched);
            times.Add(watches.Sum(watch => watch.TakeMilliseconds()));
        }

        return Spread.MedianOf(times);
    }

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>The promises about one plan.</summary>
    public IEnumerable<Bound> Bounds(string name, double mostSelection) =>
    [
        new($"{name}: wall-clock gain over dense", Invariant($"≥ 0.95 × MAC ratio {MacRatio:F3} = {0.95 * MacRatio:F3}"), Gain.Text("F3"), Gain.Median >= 0.95 * MacRatio && Gain.Median >= 1),
        new($"{name}: selection's share of the run, attention's extra yield included", Invariant($"≤ {mostSelection:0%}"), Selection.Text("0.00%"), Selection.Median <= mostSelection),
    ];

    public string Row => Invariant($"| {Plan} | {MacRatio:F3} | {Gain.Text("F3")} | {Gain.Median / MacRatio:F3} | {Selection.Text("0.00%")} | {Deciding:0.00%} | {Yielding.Median:0.00%} |");

    public JsonObject ToJson() => new()
    {
        ["plan"] = Plan,
        ["macRatio"] = Json.Round(MacRatio),
        ["denseMilliseconds"] = Json.Of(Dense),
        ["prunedMilliseconds"] = Json.Of(Pruned),
        ["gain"] = Json.Of(Gain),
        ["selectionShare"] = Json.Of(Selection),
        ["decidingShare"] = Json.Round(Deciding),
        ["yieldingShare"] = Json.Of(Yielding),
    };
}
