using System.Text.Json.Nodes;
using Secateur.Cli.Commands.Timing;
using Secateur.Evaluation.Planning;
using Secateur.Evaluation.Structured;
using Secateur.Evaluation.Timing;
using Spectre.Console;

namespace Secateur.Cli.Commands.Pruning;

/// <summary>What pruning heads, neurons and tokens together did: the curve of splits, and the best of them.</summary>
/// <param name="terminal">Where to.</param>
/// <param name="answer">What was found.</param>
/// <param name="sizes">Before and afterwards, as counted in a run, and timed.</param>
/// <param name="check">On pictures that nobody looked at; null for none.</param>
/// <param name="folder">Where it went; null for nowhere.</param>
internal sealed class TauReport(Terminal terminal, TauAnswer answer, PruningCheck sizes, PlanQuality? check, string? folder)
{
    NetworkTiming? Timing => sizes.Timing;

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
        foreach (string failure in sizes.Failures)
            terminal.Say($"the answer is no: {failure}");
        return sizes.Failures.IsEmpty;
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
                : [$"{split.Share:0%}{mark}", $"{split.Macs / sizes.Dense.Macs:0.000}x", $"{split.Counts[^1]}", $"{quality.Agreement.Part:0.0%}", $"{quality.Divergence:0.0000}"];
            if (labelled)
                row.Add(quality.Images == 0 ? "" : $"{quality.Accuracy!.Value.Part:0.0%}");
            table.AddRow([.. row]);
        }

        console.Write(table);
        PlanQuality best = answer.Best.Quality;
        console.WriteLine($"* is kept: nearest to the dense network on {best.Images} pictures that scored nothing{(labelled ? $" (dense: {best.DenseAccuracy!.Value.Part:0.0%} right)" : "")}. Patches that enter each block: {string.Join(" ", answer.Best.Counts)}");
        console.WriteLine($"parameters: {sizes.Pruned.Parameters / 1e6:0.00} M of {sizes.Dense.Parameters / 1e6:0.00} M");
        if (Timing is { } timing)
            console.WriteLine($"latency: {BenchReport.Three(timing.Dense.P50)} ms dense, {BenchReport.Three(timing.Smaller.P50)} ms pruned under its plan: {PruneReport.Speed(timing)}");
        if (check is { } seen)
            console.WriteLine($"check: {seen.Agreement.Part:0.0%} the same answers on {seen.Images} pictures that nobody looked at, KL {seen.Divergence:0.0000}{(seen.Labelled ? $"; {seen.Accuracy!.Value.Part:0.0%} right, dense {seen.DenseAccuracy!.Value.Part:0.0%}" : "")}");
    }

    JsonObject Json() => new()
    {
        ["share"] = answer.Best.Share,
        ["macs"] = answer.Best.Macs,
        ["denseMacs"] = (long)sizes.Dense.Macs,
        ["parameters"] = sizes.Pruned.Parameters,
        ["denseParameters"] = sizes.Dense.Parameters,
        ["patches"] = new JsonArray([.. answer.Best.Counts.Select(count => (JsonNode)JsonValue.Create(count))]),
        ["splits"] = new JsonArray([.. answer.Splits.Select(split => (JsonNode)new JsonObject
        {
            ["share"] = split.Share,
            ["macs"] = split.Macs,
            ["withinBudget"] = split.Quality.Images > 0,
            ["quality"] = split.Quality.Images > 0 ? Json(split.Quality) : null,
        })]),
        ["check"] = check is { } seen ? Json(seen) : null,
        ["prunedMs"] = Timing?.Smaller.P50,
        ["denseMs"] = Timing?.Dense.P50,
        ["speedup"] = Timing?.Speedup.Value,
        ["folder"] = folder,
        ["failures"] = new JsonArray([.. sizes.Failures.Select(failure => (JsonNode)failure)]),
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
