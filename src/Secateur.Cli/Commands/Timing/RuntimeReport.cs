using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Secateur.Evaluation.Profiling;
using Secateur.Evaluation.Timing;
using Secateur.Models.Vit;
using Spectre.Console;

namespace Secateur.Cli.Commands.Timing;

/// <summary>Runtimes that were timed in turn: a table for people, one JSON object for programs.</summary>
internal sealed class RuntimeReport(Terminal terminal, VisionTransformer network, string pictures, ImmutableArray<RuntimeSeries> series, double? required, bool? answer)
{
    /// <summary>Threads that wait for longer say that the machine was busy.</summary>
    const double MostWaited = 0.05;

    /// <summary>Writes it.</summary>
    public void Write(bool json)
    {
        if (json)
            terminal.Out.WriteLine(Json().ToJsonString());
        else
            ForPeople();
        foreach (RuntimeSeries one in series)
        {
            if (one.Rounds < SideBySide.FewestRounds)
                terminal.Say($"{one.Rounds} rounds say nothing about a difference; at least {SideBySide.FewestRounds} do, and a hundred are better");
            if (one.Waited > MostWaited)
                terminal.Say($"the machine was busy: threads had to wait for a core {one.Waited:0%} of the time at batch {one.Batch}. Ratios bear that, times do not; time again on a quiet machine");
            if (!one.Steady)
                terminal.Say($"times were still falling after {one.WarmUp} rounds to warm up at batch {one.Batch}; what was measured may be too slow");
        }

        if (answer is { } enough)
            terminal.Say(enough ? $"every plan is at least {required:0.###}x as fast as dense in every runtime" : $"not every plan is at least {required:0.###}x as fast as dense in every runtime with 95% confidence: the answer is no");
    }

    void ForPeople()
    {
        IAnsiConsole console = terminal.Tables();
        console.MarkupLineInterpolated($"[bold]{network.Config.Architecture}[/] on {DeviceFingerprint.OfThisMachine().Processor}, {network.Threads.Count} {(network.Threads.Count == 1 ? "thread" : "threads")}; {string.Join("; ", series.SelectMany(one => one.Timings).Select(timing => timing.Runtime).Distinct())}; {pictures}");
        foreach (RuntimeSeries one in series)
        {
            console.WriteLine();
            console.MarkupLineInterpolated($"[bold]batch {one.Batch}[/], {one.Rounds} rounds in turn after {one.WarmUp} to warm up");
            Table times = BenchReport.Empty("runtime", "plan", "p50 ms", "p95", "p99", "pictures/s"), ratios = BenchReport.Empty("runtime", "plan", "over dense", "over secateur");
            foreach (RuntimeTiming timing in one.Timings)
            {
                (string runtime, string plan) = (Markup.Escape(timing.Runtime.Split(' ')[0]), Markup.Escape(timing.Plan));
                times.AddRow(runtime, plan, BenchReport.Three(timing.Times.P50), BenchReport.Three(timing.Times.P95), BenchReport.Three(timing.Times.P99), $"{one.Batch * 1000 / timing.Times.P50:0.0}");
                if (timing.OverDense is not null || timing.OverFirst is not null)
                    ratios.AddRow(runtime, plan, Ratio(one, timing.OverDense), Ratio(one, timing.OverFirst));
            }

            console.Write(times);
            console.Write(ratios);
        }

        console.MarkupLine("[dim]ms: of a run of the whole batch; half, 95 and 99 of a hundred runs took no longer. over dense: dense over plan in the same runtime; over secateur: the same plan in secateur over this runtime; the median of all rounds and its 95% interval, above 1 where this row is faster. no difference where it holds 1 or anything that dense shows against itself.[/]");
    }

    static string Ratio(RuntimeSeries series, Estimate? ratio) => ratio is not { } found ? ""
        : series.Differs(found) ? $"{(found.Value > 1 ? "[green]" : "[red]")}{found.Value:0.00}x[/] ({found.Low:0.00}-{found.High:0.00})"
        : $"no difference ({found.Low:0.00}-{found.High:0.00})";

    JsonObject Json()
    {
        var json = new JsonObject
        {
            ["model"] = network.Config.Architecture,
            ["pictures"] = pictures,
            ["device"] = DeviceFingerprint.OfThisMachine().Hash,
            ["threads"] = network.Threads.Count,
        };
        if (required is { } least)
            json["requireFaster"] = least;
        if (answer is { } enough)
            json["fastEnough"] = enough;
        json["series"] = new JsonArray([.. series.Select(one => (JsonNode)new JsonObject
        {
            ["batch"] = one.Batch,
            ["rounds"] = one.Rounds,
            ["warmUp"] = one.WarmUp,
            ["steady"] = one.Steady,
            ["waited"] = one.Waited,
            ["control"] = Json(one.Control),
            ["timings"] = new JsonArray([.. one.Timings.Select(timing => (JsonNode)new JsonObject
            {
                ["runtime"] = timing.Runtime,
                ["plan"] = timing.Plan,
                ["milliseconds"] = new JsonObject { ["p50"] = timing.Times.P50, ["p95"] = timing.Times.P95, ["p99"] = timing.Times.P99 },
                ["overDense"] = timing.OverDense is { } dense ? Json(dense) : null,
                ["overSecateur"] = timing.OverFirst is { } first ? Json(first) : null,
            })]),
        })]);
        return json;
    }

    static JsonObject Json(Estimate estimate) => new() { ["value"] = estimate.Value, ["low"] = estimate.Low, ["high"] = estimate.High };
}
