using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Secateur.Compression.Tokens;
using Secateur.Evaluation.Planning;
using Secateur.Evaluation.Timing;
using Secateur.Models.Tokens;
using Spectre.Console;

namespace Secateur.Cli.Commands.Planning;

/// <summary>The utilities of the tail effect's schedule: a table for people, one JSON object for programs.</summary>
internal sealed class TailEffectReport(
    Terminal terminal, PlanningInput input, ImmutableArray<TailEffectUtility> utilities, TailEffectUtility best, double alpha, TokenPlan plan)
{
    /// <summary>Rows of the table, besides the best.</summary>
    const int Rows = 24;

    int Removed => plan.Stages.Sum(stage => stage.Remove ?? 0);

    /// <summary>Writes it.</summary>
    /// <param name="cost">Of the plan.</param>
    /// <param name="dense">Of every token.</param>
    /// <param name="quality">Of the plan, on all pictures.</param>
    /// <param name="times">How fast it is; null where the plan is dense.</param>
    internal void Write(PlanCost cost, PlanCost dense, PlanQuality quality, PlanTiming? times)
    {
        if (input.Json)
            terminal.Out.WriteLine(Json(cost, dense, quality, times).ToJsonString());
        else
            ShowTable(cost, dense, quality, times);
    }

    void ShowTable(PlanCost cost, PlanCost dense, PlanQuality quality, PlanTiming? times)
    {
        IAnsiConsole console = terminal.Tables();
        string proxy = quality.Labelled ? "right" : "same answer";
        var table = new Table().Border(TableBorder.Rounded).AddColumns("tokens", "latency", $"{proxy}, at random", "U latency", "U accuracy", "utility");
        int step = Math.Max(1, (utilities.Length + Rows - 1) / Rows);
        for (int i = 0; i < utilities.Length; i++)
        {
            TailEffectUtility one = utilities[i];
            bool chosen = one == best;
            if (i % step != 0 && !chosen)
                continue;
            string tokens = chosen ? $"[bold]> {one.Point.Tokens}[/]" : $"{one.Point.Tokens}";
            table.AddRow(tokens, $"{one.Point.Latency:0.000} ms", $"{one.Point.Accuracy:0.0%}", $"{one.OfLatency:0.000}", $"{one.OfAccuracy:0.000}", $"{one.Utility:0.000}");
        }

        console.Write(table);
        if (step > 1)
            console.MarkupLineInterpolated($"[dim]One in {step} of {utilities.Length} numbers of tokens and the best; --json has all.[/]");
        console.MarkupLineInterpolated($"alpha {alpha}: {best.Point.Tokens} tokens are worth most, R = {Removed}: {cost.Macs / dense.Macs:0%} of the multiply-adds, {cost.Milliseconds:0.00} ms predicted (dense {dense.Milliseconds:0.00} ms), same answer as dense on {quality.Agreement.Part:0.0%} of {input.Pictures.Name}.");
        if (times is not null)
            console.MarkupLineInterpolated($"Timed in turn with dense, {times.Rounds} rounds at batch {input.Batch} on {input.Threads} threads: {times.Plan.P50:0.00} ms against {times.Dense.P50:0.00} ms, {times.Speedup.Value:0.00}x ({times.Speedup.Low:0.00} to {times.Speedup.High:0.00}).");
    }

    JsonObject Json(PlanCost cost, PlanCost dense, PlanQuality quality, PlanTiming? times) => new()
    {
        ["model"] = input.Network.Config.Architecture,
        ["alpha"] = alpha,
        ["tokens"] = best.Point.Tokens,
        ["remove"] = Removed,
        ["plan"] = JsonNode.Parse(TokenPlanFile.Print(plan)),
        ["output"] = input.Output,
        ["macs"] = new JsonObject { ["plan"] = cost.Macs, ["dense"] = dense.Macs },
        ["predicted"] = new JsonObject { ["plan"] = cost.Milliseconds, ["dense"] = dense.Milliseconds },
        ["milliseconds"] = times is null ? null : PlanReport.Json(times.Plan),
        ["dense-milliseconds"] = times is null ? null : PlanReport.Json(times.Dense),
        ["speed"] = times is null ? null : PlanReport.Json(times.Speedup),
        ["pictures"] = input.Pictures.Name,
        ["images"] = quality.Images,
        ["agreement"] = quality.Agreement.Part,
        ["accuracy"] = quality.Accuracy?.Part,
        ["dense-accuracy"] = quality.DenseAccuracy?.Part,
        ["utilities"] = new JsonArray([.. utilities.Select(one => (JsonNode)new JsonObject
        {
            ["tokens"] = one.Point.Tokens,
            ["milliseconds"] = one.Point.Latency,
            ["accuracy"] = one.Point.Accuracy,
            ["utility-latency"] = one.OfLatency,
            ["utility-accuracy"] = one.OfAccuracy,
            ["utility"] = one.Utility,
        })]),
    };
}
