using System.Text.Json.Nodes;
using Secateur.Cli.Commands.Timing;
using Secateur.Evaluation.Planning;
using Secateur.Evaluation.Structured;
using Secateur.Evaluation.Timing;
using Spectre.Console;

namespace Secateur.Cli.Commands.Pruning;

/// <summary>What pruning heads, neurons and tokens together did: the curve of splits, and the best of them.</summary>
internal sealed class TauReport(Terminal terminal, TauAnswer answer, long whole, NetworkTiming? timing, PlanQuality? check, string? folder)
{
    /// <summary>Writes it.</summary>
    /// <param name="json">As one JSON object.</param>
    /// <returns>Whether parameters, multiply-adds and latency all went down.</returns>
    public bool Write(bool json)
    {
        if (json)
            terminal.Out.WriteLine(Json().ToJsonString());
        else
            Show();
        terminal.Say(folder is null ? "nothing was written" : $"the pruned network is in {folder}, and its token plan in {Path.Combine(folder, TauPrune.Plan)}: secateur eval {folder} --plan {Path.Combine(folder, TauPrune.Plan)} --data DATA");
        if (answer.Nearer is { } alone)
            terminal.Say($"tokens alone (0%) are nearer to the dense network at this budget, KL {alone.Quality.Divergence:0.0000}; no parameter goes then: secateur plan budget");
        string[] failures = [.. Failures()];
        foreach (string failure in failures)
            terminal.Say($"the answer is no: {failure}");
        return failures.Length == 0;
    }

    IEnumerable<string> Failures()
    {
        if (timing is { Faster: false })
            yield return $"it is not faster beyond the noise: {PruneReport.Speed(timing)}";
    }

    void Show()
    {
        IAnsiConsole console = terminal.Tables();
        bool labelled = answer.Best.Quality.Labelled;
        Table table = BenchReport.Empty("heads, neurons\ngive up", "multiply-\nadds", "patches\nat the end", "same", "KL");
        if (labelled)
            table.AddColumn(new TableColumn("right").NoWrap());
        foreach (TauSplit split in answer.Splits)
        {
            string mark = split == answer.Best ? " *" : "";
            PlanQuality quality = split.Quality;
            List<string> row = quality.Images == 0
                ? [$"{split.Share:0%}", "too many", "", "", ""]
                : [$"{split.Share:0%}{mark}", $"{(double)split.Macs / whole:0.000}x", $"{split.Counts[^1]}", $"{quality.Agreement.Part:0.0%}", $"{quality.Divergence:0.0000}"];
            if (labelled)
                row.Add(quality.Images == 0 ? "" : $"{quality.Accuracy!.Value.Part:0.0%}");
            table.AddRow([.. row]);
        }

        console.Write(table);
        PlanQuality best = answer.Best.Quality;
        console.WriteLine($"* is kept: nearest to the dense network on {best.Images} pictures that scored nothing{(labelled ? $" (dense: {best.DenseAccuracy!.Value.Part:0.0%} right)" : "")}. Patches that enter each block: {string.Join(" ", answer.Best.Counts)}");
        if (timing is not null)
            console.WriteLine($"latency: {BenchReport.Three(timing.Dense.P50)} ms dense, {BenchReport.Three(timing.Smaller.P50)} ms pruned under its plan: {PruneReport.Speed(timing)}");
        if (check is { } seen)
            console.WriteLine($"check: {seen.Agreement.Part:0.0%} the same answers on {seen.Images} pictures that nobody looked at, KL {seen.Divergence:0.0000}{(seen.Labelled ? $"; {seen.Accuracy!.Value.Part:0.0%} right, dense {seen.DenseAccuracy!.Value.Part:0.0%}" : "")}");
    }

    JsonObject Json() => new()
    {
        ["share"] = answer.Best.Share,
        ["macs"] = answer.Best.Macs,
        ["denseMacs"] = whole,
        ["patches"] = new JsonArray([.. answer.Best.Counts.Select(count => (JsonNode)JsonValue.Create(count))]),
        ["splits"] = new JsonArray([.. answer.Splits.Select(split => (JsonNode)new JsonObject
        {
            ["share"] = split.Share,
            ["macs"] = split.Macs,
            ["withinBudget"] = split.Quality.Images > 0,
            ["quality"] = split.Quality.Images > 0 ? Json(split.Quality) : null,
        })]),
        ["check"] = check is { } seen ? Json(seen) : null,
        ["prunedMs"] = timing?.Smaller.P50,
        ["denseMs"] = timing?.Dense.P50,
        ["speedup"] = timing?.Speedup.Value,
        ["folder"] = folder,
    };

    static JsonObject Json(PlanQuality quality) => new()
    {
        ["pictures"] = quality.Images,
        ["agreement"] = quality.Agreement.Part,
        ["divergence"] = quality.Divergence,
        ["accuracy"] = quality.Accuracy?.Part,
        ["denseAccuracy"] = quality.DenseAccuracy?.Part,
    };
}
