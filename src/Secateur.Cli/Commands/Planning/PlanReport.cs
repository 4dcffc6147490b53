using System.Text.Json.Nodes;
using Secateur.Compression.Tokens;
using Secateur.Evaluation;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Planning;
using Secateur.Evaluation.Timing;
using Spectre.Console;

namespace Secateur.Cli.Commands.Planning;

/// <summary>What a planner found: a table for people, one JSON object for programs.</summary>
internal sealed class PlanReport(
    Terminal terminal, PlanningInput input, PlanGoal goal, PlanAnswer answer, Planner planner, IPictureSet search, IPictureSet heldOut)
{
    readonly MeasuredPlan[] plans = [.. answer.Measured.OrderByDescending(plan => plan.LatencyPart)];

    /// <summary>Writes it.</summary>
    internal void Write()
    {
        bool[] front = ParetoFront.Of(plans, plan => plan.Losses);
        if (input.Json)
            terminal.Out.WriteLine(Json(front).ToJsonString());
        else if (plans.Length > 0)
            ShowTable(front);
        foreach (string line in Says())
            terminal.Say(line);
    }

    void ShowTable(bool[] front)
    {
        IAnsiConsole console = terminal.Tables();
        bool labelled = heldOut.Labelled, predicted = input.Profile is not null;
        var table = new Table().Border(TableBorder.Rounded).AddColumn(new TableColumn("plan").NoWrap()).AddColumns("MACs", "ms");
        if (predicted)
            table.AddColumn("said");
        table.AddColumns("speed", "same");
        if (labelled)
            table.AddColumn("right");
        table.AddRow([
            "  dense", "100%", $"{plans[0].Times.Dense.P50:0.00}", .. Column(predicted, $"{planner.Costs.Dense.Milliseconds:0.00}"), "", "",
            .. Column(labelled, $"{plans[0].HeldOut.DenseAccuracy?.Part:0.0%}")]);
        for (int i = 0; i < plans.Length; i++)
        {
            MeasuredPlan plan = plans[i];
            string name = $"{(front[i] ? '*' : ' ')} {Markup.Escape(plan.Candidate.Methods)}";
            table.AddRow([
                plan == answer.Chosen ? $"[bold]{name}[/]" : name, $"{plan.Candidate.Cost.Macs / planner.Costs.Dense.Macs:0%}", $"{plan.Times.Plan.P50:0.00}",
                .. Column(predicted, $"{plan.Candidate.Cost.Milliseconds:0.00}"), Speed(plan.Times),
                $"{plan.HeldOut.Agreement.Part:0.0%}", .. Column(labelled, $"{plan.HeldOut.Accuracy?.Part:0.0%}")]);
        }

        console.Write(table);
        console.MarkupLineInterpolated($"[dim]* no other plan here is faster and loses less, where a gain within the noise is none. same: answers as dense, on {heldOut.Name}, which the search never saw; it searched on {search.Count} others. ms: a run of {input.Batch}{(predicted ? ", and what the profile said" : "")}, {input.Threads} threads. speed: against dense, all timed in turn, median of {plans[0].Times.Rounds} rounds and its 95% interval, on this machine as busy as it is.[/]");
    }

    static string Speed(PlanTiming times) => times.Differs
        ? $"{times.Speedup.Value:0.00}x ({times.Speedup.Low:0.00}-{times.Speedup.High:0.00})"
        : $"[dim]noise ({times.Speedup.Low:0.00}-{times.Speedup.High:0.00})[/]";

    static string[] Column(bool there, string text) => there ? [text] : [];

    IEnumerable<string> Says()
    {
        if (answer.Beyond.Length > 0)
            yield return $"too expensive at their strongest for this budget: {string.Join(", ", answer.Beyond)}";
        if (input.Profile is null && answer.Chosen is not null)
            yield return "no profile was named (--profile), so that the plan says which latency was measured and predicts none";
        yield return answer switch
        {
            { Dense: { } dense } => $"the dense network takes {dense.P50:0.00} ms (95 of 100 runs at most {dense.P95:0.00}) and needs no pruning for this goal; the dense plan is written to {input.Output}",
            { Chosen: { } plan, Reached: true } => $"{plan.Candidate.Methods}, {plan.Times.Speedup.Value:0.00}x as fast as dense, {Same(plan.HeldOut.Agreement)}; written to {input.Output}",
            { Chosen: { } plan } => $"no plan that was timed reaches the goal; the fastest, {plan.Candidate.Methods} at {plan.LatencyPart:0.00}x of dense ({plan.Times.Plan.P50:0.00} ms), is written to {input.Output}",
            { Measured.Length: 0 } => $"no plan meets the goal at all; the dense plan is written to {input.Output}",
            _ when goal.Kind == PlanGoalKind.Drop && plans.Any(plan => plan.Faster) => $"every plan that is faster than dense loses more than {goal.Value:0.##%} on the pictures that were held out; the dense plan is written to {input.Output}",
            _ => $"no plan is faster than dense on this device by more than the noise: the best ran at {plans[^1].Times.Speedup.Value:0.00}x ({plans[^1].Times.Speedup.Low:0.00} to {plans[^1].Times.Speedup.High:0.00}) of its speed; the dense plan is written to {input.Output}",
        };
    }

    /// <summary>Few pictures say little: the interval shows how little.</summary>
    static string Same(Proportion same) => $"same answer on {same.Part:0.0%} of {same.Of} pictures (95% sure: {same.Interval.Low:0.0%} to {same.Interval.High:0.0%})";

    JsonObject Json(bool[] front) => new()
    {
        ["model"] = input.Network.Config.Architecture,
        ["goal"] = goal.Kind switch
        {
            PlanGoalKind.MacsPart => "macs-part",
            PlanGoalKind.LatencyPart => "latency-part",
            PlanGoalKind.LatencyMilliseconds => "latency-milliseconds",
            _ => "drop",
        },
        ["value"] = goal.Value,
        ["reached"] = answer.Reached,
        ["chosen"] = answer.Chosen is { } chosen ? Array.IndexOf(plans, chosen) : null,
        ["output"] = input.Output,
        ["batch"] = input.Batch,
        ["threads"] = input.Threads,
        ["runtime"] = input.Runtime ?? "secateur",
        ["seed"] = input.Seed,
        ["pictures"] = new JsonObject { ["search"] = search.Count, ["held-out"] = heldOut.Count, ["data"] = input.Pictures.Name, ["labelled"] = heldOut.Labelled },
        ["beyond"] = new JsonArray([.. answer.Beyond.Select(name => (JsonNode)name)]),
        ["dense"] = new JsonObject { ["macs"] = planner.Costs.Dense.Macs, ["predicted"] = planner.Costs.Dense.Milliseconds, ["milliseconds"] = answer.Dense is { } dense ? Json(dense) : null },
        ["plans"] = new JsonArray([.. plans.Select((plan, i) => (JsonNode)Json(plan, front[i]))]),
    };

    static JsonObject Json(MeasuredPlan plan, bool front) => new()
    {
        ["methods"] = plan.Candidate.Methods,
        ["made"] = plan.Candidate.Family.Made,
        ["front"] = front,
        ["macs"] = plan.Candidate.Cost.Macs,
        ["predicted"] = plan.Candidate.Cost.Milliseconds,
        ["milliseconds"] = Json(plan.Times.Plan),
        ["dense-milliseconds"] = Json(plan.Times.Dense),
        ["speed"] = Json(plan.Times.Speedup),
        ["faster"] = plan.Faster,
        ["search"] = Json(plan.Candidate.Quality),
        ["held-out"] = Json(plan.HeldOut),
        ["plan"] = JsonNode.Parse(TokenPlanFile.Print(plan.Candidate.Plan)),
    };

    /// <summary>Times as programs read them.</summary>
    internal static JsonObject Json(Percentiles times) => new() { ["p50"] = times.P50, ["p95"] = times.P95, ["p99"] = times.P99 };

    /// <summary>A number and its interval as programs read them.</summary>
    internal static JsonObject Json(Estimate estimate) => new() { ["value"] = estimate.Value, ["low"] = estimate.Low, ["high"] = estimate.High };

    static JsonObject Json(PlanQuality quality) => new()
    {
        ["images"] = quality.Images,
        ["agreement"] = quality.Agreement.Part,
        ["accuracy"] = quality.Accuracy?.Part,
        ["dense-accuracy"] = quality.DenseAccuracy?.Part,
        ["divergence"] = quality.Divergence,
    };
}
