using System.Text.Json.Nodes;
using Secateur.Evaluation.Profiling;
using Secateur.Evaluation.Structured;
using Secateur.Evaluation.Timing;
using Spectre.Console;

namespace Secateur.Cli.Commands.Timing;

/// <summary>Two networks that were timed in turn: tables for people, one JSON object for programs.</summary>
/// <param name="terminal">Where it goes.</param>
/// <param name="bench">What was measured.</param>
/// <param name="names">What the networks were called.</param>
internal sealed class NetworkBenchReport(Terminal terminal, NetworkBench bench, (string Dense, string Other) names)
{
    /// <summary>Writes it.</summary>
    /// <param name="json">As JSON.</param>
    /// <param name="required">How much faster the other has to be; null where nobody asks.</param>
    public void Write(bool json, double? required)
    {
        if (json)
            terminal.Out.WriteLine(Json(required).ToJsonString());
        else
            ForPeople();
        foreach (string line in bench.Series.SelectMany(one => TimingCautions.Of(one.Timing, one.Batch)).Distinct())
            terminal.Say(line);
        if (required is { } least)
            terminal.Say(bench.Enough(least) ? $"{names.Other} is at least {least:0.###}x as fast as {names.Dense}" : $"{names.Other} is not at least {least:0.###}x as fast as {names.Dense} with 95% confidence: the answer is no");
    }

    void ForPeople()
    {
        IAnsiConsole console = terminal.Tables();
        int threads = bench.Dense.Threads.Count;
        console.MarkupLineInterpolated($"[bold]{bench.Dense.Architecture}[/] on {DeviceFingerprint.OfThisMachine().Processor}, {threads} {(threads == 1 ? "thread" : "threads")}; {bench.Data}");
        Table sizes = BenchReport.Empty("network", "parameters", "GMACs", "of the first");
        Row(names.Dense, bench.Sizes.Dense);
        Row(names.Other, bench.Sizes.Other);
        console.Write(sizes);
        foreach ((int batch, NetworkTiming timing) in bench.Series)
        {
            console.WriteLine();
            console.MarkupLineInterpolated($"[bold]batch {batch}[/], {timing.Rounds} rounds in turn after {timing.WarmUp} to warm up");
            Table times = BenchReport.Empty("network", "p50 ms", "p95", "p99", "a second", "speed");
            Times(names.Dense, timing.Dense, $"[dim]itself {timing.Control.Low:0.000}-{timing.Control.High:0.000}[/]");
            Times(names.Other, timing.Smaller, Speed(timing));
            console.Write(times);

            void Times(string name, Percentiles ms, string speed) =>
                times.AddRow(Markup.Escape(name), BenchReport.Three(ms.P50), BenchReport.Three(ms.P95), BenchReport.Three(ms.P99), $"{batch * 1000 / ms.P50:0.0}", speed);
        }

        console.MarkupLine("[dim]ms: of a run of the whole batch; half, 95 and 99 of a hundred runs took no longer. speed: the first network's time over the other's, the median of all rounds and its 95% interval; no difference where it holds 1 or anything that the first shows against itself. GMACs: thousands of millions of multiply-adds as executed.[/]");

        void Row(string name, NetworkSize size) =>
            sizes.AddRow(Markup.Escape(name), $"{size.Parameters / 1e6:0.00} M", $"{size.Macs / 1e9:0.000}", $"{size.Macs / bench.Sizes.Dense.Macs:0%}");
    }

    static string Speed(SideBySide timing) => !timing.Differs ? $"no difference ({timing.Speedup.Low:0.00}-{timing.Speedup.High:0.00})"
        : $"{(timing.Faster ? "[green]" : "[red]")}{timing.Speedup.Value:0.00}x[/] ({timing.Speedup.Low:0.00}-{timing.Speedup.High:0.00})";

    JsonObject Json(double? required)
    {
        var json = new JsonObject
        {
            ["model"] = bench.Dense.Architecture,
            ["data"] = bench.Data,
            ["device"] = DeviceFingerprint.OfThisMachine().Hash,
            ["threads"] = bench.Dense.Threads.Count,
            ["networks"] = new JsonArray(Network(names.Dense, bench.Sizes.Dense), Network(names.Other, bench.Sizes.Other)),
        };
        if (required is { } least)
            (json["requireFaster"], json["fastEnough"]) = (least, bench.Enough(least));
        json["series"] = new JsonArray([.. bench.Series.Select(one => (JsonNode)new JsonObject
        {
            ["batch"] = one.Batch,
            ["rounds"] = one.Timing.Rounds,
            ["warmUp"] = one.Timing.WarmUp,
            ["steady"] = one.Timing.Steady,
            ["waited"] = one.Timing.Waited,
            ["milliseconds"] = new JsonArray(Times(one.Timing.Dense), Times(one.Timing.Smaller)),
            ["speedup"] = Interval(one.Timing.Speedup),
            ["control"] = Interval(one.Timing.Control),
            ["differs"] = one.Timing.Differs,
        })]);
        return json;

        static JsonObject Network(string name, NetworkSize size) => new() { ["name"] = name, ["parameters"] = size.Parameters, ["macs"] = Math.Round(size.Macs) };
        static JsonObject Times(Percentiles ms) => new() { ["p50"] = ms.P50, ["p95"] = ms.P95, ["p99"] = ms.P99 };
        static JsonObject Interval(Estimate estimate) => new() { ["value"] = estimate.Value, ["low"] = estimate.Low, ["high"] = estimate.High };
    }
}
