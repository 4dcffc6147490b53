using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Secateur.Evaluation.Timing;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Spectre.Console;

namespace Secateur.Cli.Commands.Timing;

/// <summary>What was timed: tables for people, one JSON object for programs.</summary>
internal sealed class BenchReport(Terminal terminal, VisionTransformer network, string pictures, ImmutableArray<TimedPlan> timed, double? required, bool? answer)
{
    static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly MacCount dense = MacCounter.Count(network, TokenPlan.Dense);

    /// <summary>Writes it.</summary>
    public void Write(bool json)
    {
        if (json)
            terminal.Out.WriteLine(Json());
        else
            ForPeople();
        foreach (string line in Says().Distinct())
            terminal.Say(line);
    }

    void ForPeople()
    {
        PlanTiming first = timed[0].Timing;
        IAnsiConsole console = terminal.Tables();
        console.MarkupLineInterpolated($"[bold]{first.Architecture}[/] on {first.Device.Processor}, {first.Threads} {(first.Threads == 1 ? "thread" : "threads")}, {first.Device.Registers}-bit registers; {pictures}");
        foreach (IGrouping<int, TimedPlan> size in timed.GroupBy(one => one.Timing.Batch))
        {
            console.WriteLine();
            console.MarkupLineInterpolated($"[bold]batch {size.Key}[/], {size.First().Timing.Rounds} rounds in turn after {size.First().Timing.WarmUp} to warm up");
            console.Write(Times([.. size]));
            console.Write(Work([.. size]));
            StageBars.Write(console, [.. size]);
        }

        console.MarkupLine("[dim]ms: of a run of the whole batch; half, 95 and 99 of a hundred runs took no longer. speed: dense over plan, the median of all rounds and its 95% interval; no difference where it holds 1 or anything that dense shows against itself. GMACs (papers: GFLOPs): thousands of millions of multiply-adds of a picture as executed, with patch embedding, classifier and selection; selection: its part of them; blocks: of the blocks alone, as most papers count. GFLOP/s: two operations a multiply-add.[/]");
    }

    static Table Times(ImmutableArray<TimedPlan> plans)
    {
        Table table = Empty("plan", "p50 ms", "p95", "p99", "pictures/s", "speed");
        PlanTiming first = plans[0].Timing;
        Row("dense", first.Dense, first.Batch, $"[dim]itself {first.Control.Low:0.000}-{first.Control.High:0.000}[/]");
        foreach (TimedPlan plan in Shown(plans))
            Row(plan.Timing.Name, plan.Timing.Plan, plan.Timing.Batch, Speed(plan.Timing));
        return table;

        void Row(string name, Percentiles times, int batch, string speed) =>
            table.AddRow(Markup.Escape(name), Three(times.P50), Three(times.P95), Three(times.P99), $"{batch * 1000 / times.P50:0.0}", speed);
    }

    Table Work(ImmutableArray<TimedPlan> plans)
    {
        Table table = Empty("plan", "GMACs", "of dense", "selection", "blocks", "GFLOP/s");
        Row("dense", dense.Executed, 0, dense.Blocks, TimedPlan.Speed(dense.Executed, plans[0].Timing.Batch, plans[0].Timing.Dense.P50));
        foreach (TimedPlan plan in Shown(plans))
            Row(plan.Timing.Name, plan.Macs, plan.SelectionMacs, plan.BlockMacs, plan.GflopsPerSecond);
        return table;

        void Row(string name, double macs, double selection, double blocks, double speed) =>
            table.AddRow(Markup.Escape(name), $"{macs / 1e9:0.000}", $"{macs / dense.Executed:0%}", $"{selection / macs:0.0%}", $"{blocks / 1e9:0.000}", $"{speed:0}");
    }

    /// <summary>Dense has a row of its own already.</summary>
    internal static IEnumerable<TimedPlan> Shown(ImmutableArray<TimedPlan> plans) => plans.Where(plan => !plan.IsDense || plans.Length > 1);

    internal static Table Empty(params ReadOnlySpan<string> columns)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (string column in columns)
            table.AddColumn(new TableColumn(column).NoWrap());
        return table;
    }

    /// <summary>Three digits, or as many as stand before the point.</summary>
    internal static string Three(double milliseconds) => milliseconds >= 99.95 ? $"{milliseconds:0}" : milliseconds >= 9.995 ? $"{milliseconds:0.0}" : $"{milliseconds:0.00}";

    static string Speed(PlanTiming timing)
    {
        string interval = $"{timing.Speedup.Low:0.00}-{timing.Speedup.High:0.00}";
        return timing.Differs ? $"{(timing.Faster ? "[green]" : "[red]")}{timing.Speedup.Value:0.00}x[/] ({interval})" : $"no difference ({interval})";
    }

    IEnumerable<string> Says()
    {
        foreach (TimedPlan plan in timed)
            foreach (string caution in TimingCautions.Of(plan.Timing, plan.Timing.Batch))
                yield return caution;
        if (answer is { } enough)
            yield return enough ? $"every plan is at least {required:0.###}x as fast as dense" : $"not every plan is at least {required:0.###}x as fast as dense with 95% confidence: the answer is no";
    }

    string Json()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Readable))
        {
            json.WriteStartObject();
            json.WriteString("model", network.Config.Architecture);
            json.WriteString("pictures", pictures);
            json.WriteNumber("dense-macs", dense.Executed);
            json.WriteNumber("dense-block-macs", dense.Blocks);
            if (required is { } least)
                json.WriteNumber("require-faster", least);
            if (answer is { } enough)
                json.WriteBoolean("fast-enough", enough);
            json.WriteStartArray("timings");
            foreach (TimedPlan plan in timed)
            {
                json.WriteStartObject();
                json.WriteNumber("macs", Math.Round(plan.Macs));
                json.WriteNumber("block-macs", Math.Round(plan.BlockMacs));
                json.WriteNumber("selection-macs", Math.Round(plan.SelectionMacs));
                json.WriteNumber("pictures-per-second", Math.Round(plan.PicturesPerSecond, 3));
                json.WriteNumber("dense-pictures-per-second", Math.Round(plan.Timing.Batch * 1000 / plan.Timing.Dense.P50, 3));
                json.WriteNumber("gflops", Math.Round(plan.GflopsPerSecond, 3));
                json.WritePropertyName("timing");
                PlanTimingJson.Write(json, plan.Timing);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
