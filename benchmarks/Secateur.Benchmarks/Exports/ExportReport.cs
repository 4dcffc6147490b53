using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Secateur.Benchmarks.Measuring;
using Secateur.Benchmarks.Networks;

namespace Secateur.Benchmarks.Exports;

/// <summary>The table of exported graphs, for people and for programs.</summary>
internal static class ExportReport
{
    const double Required = 1.35;

    /// <summary>Writes onnx.md and onnx.json.</summary>
    /// <returns>1 where ONNX Runtime gains less than it should from Zero-TPrune's exported graphs.</returns>
    public static int Write(IReadOnlyList<ExportCell> cells, double? others)
    {
        Machine machine = Machine.This;
        string folder = Path.Combine(Repository.Root, "benchmarks", "results", machine.Slug), date = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        Bound[] bounds = [.. cells.Where(cell => cell.Method == "zero-tprune").Select(Promise)];
        Directory.CreateDirectory(folder);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # Pruning inside an exported graph

            Written by `benchmarks/run onnx` on {date}: {machine.Cpu}, {machine.Cores} cores, {machine.Instructions}, {machine.Runtime}, ONNX Runtime {OnnxRuntimePeer.Installed}, {cells[0].Threads} threads each. Other programs took {others ?? double.NaN:0.0%} of the cores' time meanwhile.

            Milliseconds of a run, medians with their quartiles in brackets; four engines and graphs in turn, ratios within each round. DeiT's shapes with random weights.
            ONNX Runtime's dense network is the fastest of three files: PyTorch's export (`plain`), the same with attention as one node (`fused`), and ours (`exported`). Each line is of several processes of ONNX Runtime, since where one finds its memory decides up to a fifth of its time.
            Before anything is timed, both engines must answer alike within 1e-3, dense and pruned. Multiply-adds count selection.

            | network | batch | method | multiply-adds | {string.Join(" | ", ExportCell.Contestants)} | our gain | ONNX Runtime's gain | ONNX Runtime pruned / ours | dense file |
            |---|---|---|---|{string.Concat(ExportCell.Contestants.Select(_ => "---|"))}---|---|---|---|

            """);
        foreach (ExportCell cell in cells)
            text.AppendLine(cell.Row);
        text.Append('\n').Append(Results.Table(bounds));
        File.WriteAllText(Path.Combine(folder, "onnx.md"), text.ToString().TrimEnd() + "\n");
        var data = new JsonObject { ["onnxRuntime"] = OnnxRuntimePeer.Installed, ["cells"] = new JsonArray([.. cells.Select(cell => (JsonNode)cell.ToJson())]) };
        File.WriteAllText(Path.Combine(folder, "onnx.json"), data.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
        Console.WriteLine($"Written to {Path.GetRelativePath(Repository.Root, folder)}.");
        return bounds.All(bound => bound.Holds) ? 0 : 1;
    }

    static Bound Promise(ExportCell cell) =>
        new(FormattableString.Invariant($"{cell.Network} batch {cell.Batch}: ONNX Runtime's dense time over its time on the exported Zero-TPrune graph, {cell.Ratio:0.00}x multiply-adds"), $"≥ {Required}", cell.TheirGain.Text("F2"), cell.TheirGain.Median >= Required);
}
