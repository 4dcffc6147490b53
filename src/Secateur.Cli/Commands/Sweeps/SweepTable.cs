using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Secateur.Evaluation.Accuracy;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Sweeps;
using Secateur.Evaluation.Timing;
using Spectre.Console;

namespace Secateur.Cli.Commands.Sweeps;

/// <summary>What a folder of results says: a line a cell for people, one JSON object for programs.</summary>
internal sealed class SweepTable
{
    readonly ResultsManifest manifest;
    readonly (SweepCell Cell, AccuracySummary Summary, PlanTiming? Timing)[] rows;

    /// <summary>Reads the folder's files.</summary>
    /// <param name="manifest">What was measured, to the end.</param>
    /// <param name="folder">Where.</param>
    public SweepTable(ResultsManifest manifest, ResultsFolder folder)
    {
        this.manifest = manifest;
        ImmutableArray<PictureEntry> pictures = PictureListFile.Load(folder.Pictures);
        CellResult dense = Load(SweepCell.Dense);
        rows = [.. manifest.Cells.Where(cell => File.Exists(folder.Cell(cell.Name, Shard.Whole))).Select(cell => (cell, AccuracySummary.Of(Load(cell), dense, pictures), Timing(cell)))];

        CellResult Load(SweepCell cell) => CellFile.Load(folder.Cell(cell.Name, Shard.Whole), manifest.Classes);

        PlanTiming? Timing(SweepCell cell) => File.Exists(folder.Latency(cell.Name)) ? PlanTimingFile.Load(folder.Latency(cell.Name)) : null;
    }

    /// <summary>The table.</summary>
    public void Show(Terminal terminal)
    {
        IAnsiConsole console = terminal.Tables();
        bool labelled = rows[0].Summary.Top1 is not null, timed = rows.Any(row => row.Timing is not null);
        var table = new Table().Border(TableBorder.Rounded).AddColumn(new TableColumn("cell").NoWrap()).AddColumns("MACs", "same");
        if (labelled)
            table.AddColumns("right", "lost");
        if (timed)
            table.AddColumn("speed");
        foreach ((SweepCell cell, AccuracySummary summary, PlanTiming? timing) in rows)
            table.AddRow([
                Markup.Escape(cell.Name), $"{summary.MacRatio:0.0%}", cell.IsDense ? "" : $"{summary.Agreement.Part:0.0%}",
                .. labelled ? (string[])[$"{summary.Top1!.Value.Part:0.0%}", cell.IsDense ? "" : Lost(summary)] : [],
                .. timed ? (string[])[Speed(timing)] : []]);
        console.Write(table);
        console.MarkupLineInterpolated($"[dim]{(labelled ? "lost: points of top-1 less than dense on the same pictures, and the 95% interval; grey where it holds 0. " : "")}same: answers as dense. MACs: as executed, of dense{(timed ? ". speed: against dense, timed in turn, and the 95% interval; grey within the noise" : "")}. {rows[0].Summary.Images} pictures{(rows[0].Summary.Bad is > 0 and var bad ? $", {bad} could not be read" : "")}.[/]");
    }

    /// <summary>The same for programs.</summary>
    /// <param name="beyond">Points that no strength brings to their budget.</param>
    public JsonObject Json(ImmutableArray<SweepPoint> beyond) => new()
    {
        ["model"] = manifest.Model,
        ["data"] = manifest.Data,
        ["images"] = rows[0].Summary.Images,
        ["bad"] = rows[0].Summary.Bad,
        ["cells"] = new JsonArray([.. rows.Select(row => (JsonNode)Cell(row.Cell, row.Summary, row.Timing))]),
        ["beyond"] = new JsonArray([.. beyond.Select(point => (JsonNode)point.Name)]),
    };

    static JsonObject Cell(SweepCell cell, AccuracySummary summary, PlanTiming? timing)
    {
        var json = new JsonObject { ["cell"] = cell.Name };
        if (cell.Method is not null)
            json["method"] = cell.Method;
        if (cell.Budget is { } budget)
            json["budget"] = budget;
        if (cell.Seed is { } seed)
            json["seed"] = seed;
        json["macs"] = Math.Round(summary.Macs);
        json["macs-part"] = summary.MacRatio;
        json["agreement"] = summary.Agreement.Part;
        json["divergence"] = summary.Divergence.Value;
        if (summary is { Top1: { } top1, Top5: { } top5, Lost: { } lost, McNemar: { } p })
        {
            json["top1"] = top1.Part;
            json["top5"] = top5.Part;
            json["lost"] = Interval(lost);
            json["mcnemar"] = p;
        }

        if (timing is not null)
            json["speed"] = Interval(timing.Speedup);
        return json;
    }

    static JsonArray Interval(Estimate estimate) => [estimate.Value, estimate.Low, estimate.High];

    static string Lost(AccuracySummary summary)
    {
        Estimate lost = summary.Lost!.Value;
        string text = $"{100 * lost.Value:0.0} ({100 * lost.Low:0.0} to {100 * lost.High:0.0})";
        return summary.Differs ? text : $"[dim]{text}[/]";
    }

    static string Speed(PlanTiming? timing)
    {
        if (timing is null)
            return "";
        string text = $"{timing.Speedup.Value:0.00}x ({timing.Speedup.Low:0.00}-{timing.Speedup.High:0.00})";
        return timing.Differs ? text : $"[dim]{text}[/]";
    }
}
