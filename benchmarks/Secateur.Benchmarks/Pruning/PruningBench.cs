using Secateur.Benchmarks.Measuring;
using Secateur.Benchmarks.Networks;
using Secateur.Compression.Tokens;
using Secateur.Kernels;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Benchmarks.Pruning;

/// <summary>What Zero-TPrune's plan wins on our own engine, and what its decisions cost: dense, pruned, and pruned with all decisions
/// made beforehand, a run each in turns.</summary>
internal static class PruningBench
{
    /// <summary>Arguments: <c>--network DeiT-S --plan zero-tprune --threads 2 --rounds 201</c>.</summary>
    public static Section Run(ReadOnlySpan<string> arguments)
    {
        var options = new Options(arguments, "--network", "--plan", "--threads", "--rounds");
        DeitNetwork network = DeitNetwork.Named(options.Words("--network", "DeiT-S")[0]);
        string planName = options.Words("--plan", "zero-tprune")[0];
        int threads = options.Number("--threads", 2), rounds = options.Number("--rounds", 201);

        using var pool = new Threads(threads);
        VisionTransformer model = network.Load(pool);
        float[] picture = DeitNetwork.Pictures(model, 1), logits = new float[model.Classes];
        TokenPlan plan = TokenPlans.Named(planName, model.Depth, model.PatchTokens);
        TimedReducer[] watches = [.. plan.Stages.Select(stage => new TimedReducer(stage.Reducer))];
        var timed = new TokenPlan(plan.Name, [.. plan.Stages.Select((stage, i) => stage with { Reducer = watches[i] })]);
        var decisions = new RecordedDecisions();
        model.Run(picture, 1, logits, plan, decisions);
        TokenPlan replay = decisions.Replay(plan, withSignals: false), yielding = decisions.Replay(plan, withSignals: true);
        MacCounter denseMacs = new(model), macs = new(model);
        model.Run(picture, 1, logits, TokenPlan.Dense, denseMacs);
        model.Run(picture, 1, logits, plan, macs);
        double ratio = (double)denseMacs.Total / macs.Total;

        double[][] times = Turns.Measure(
            rounds, 0, () => model.Run(picture, 1, logits), () => model.Run(picture, 1, logits, plan), () => model.Run(picture, 1, logits, replay), () => model.Run(picture, 1, logits, yielding));
        Spread dense = Spread.Of(times[0]), pruned = Spread.Of(times[1]), replayed = Spread.Of(times[2]);
        Spread gain = Spread.Of(times[0].Zip(times[1], (d, p) => d / p)), selection = Spread.Of(times[1].Zip(times[2], (p, r) => (p - r) / p));
        Spread[] deciding = Deciding(() => model.Run(picture, 1, logits, timed), watches);

        string name = $"{network.Name} batch 1, {planName}, {threads} threads";
        Bound[] bounds =
        [
            new($"{name}: wall-clock gain over dense", $"≥ 0.95 × MAC ratio {ratio:F3} = {0.95 * ratio:F3}", gain.Text("F3"), gain.Median >= 0.95 * ratio),
            new($"{name}: selection's share of the run, attention's extra yield included", "≤ 2%", selection.Text("0.00%"), selection.Median <= 0.02),
        ];
        string table = $"""
            | run | ms |
            |---|---|
            | dense | {dense.Text("F2")} |
            | pruned | {pruned.Text("F2")} |
            | pruned, decided beforehand, attention still yielding what the methods look at | {Spread.Of(times[3]).Text("F2")} |
            | pruned, decided beforehand | {replayed.Text("F2")} |
            {string.Concat(plan.Stages.Select((stage, i) => $"\n| the decision after block {stage.Block + 1} | {deciding[i].Text("F3")} |")).Trim('\n')}
            """;
        return new($"Zero-TPrune on {network.Name}", bounds, table, new System.Text.Json.Nodes.JsonObject
        {
            ["network"] = network.Name,
            ["plan"] = planName,
            ["threads"] = threads,
            ["macRatio"] = Json.Round(ratio),
            ["denseMilliseconds"] = Json.Of(dense),
            ["prunedMilliseconds"] = Json.Of(pruned),
            ["decidedBeforehandMilliseconds"] = Json.Of(replayed),
            ["gain"] = Json.Of(gain),
            ["selectionShare"] = Json.Of(selection),
            ["decisionMilliseconds"] = new System.Text.Json.Nodes.JsonArray([.. deciding.Select(time => Json.Of(time))]),
        });
    }

    /// <summary>Milliseconds of each stage's decision.</summary>
    static Spread[] Deciding(Action run, TimedReducer[] watches)
    {
        List<double>[] times = [.. watches.Select(_ => new List<double>())];
        for (int i = 0; i < 50; i++)
        {
            run();
            for (int stage = 0; stage < watches.Length; stage++)
                times[stage].Add(watches[stage].TakeMilliseconds());
        }

        return [.. times.Select(Spread.Of)];
    }
}
