using System.Text;
using System.Text.Json.Nodes;
using Secateur.Benchmarks.Measuring;

namespace Secateur.Benchmarks.Networks;

/// <summary>The networks' measurements as a part of the results.</summary>
internal static class NetworkReport
{
    public static Section Of(IReadOnlyList<NetworkCell> cells)
    {
        var table = new StringBuilder("| network | batch | threads | ONNX Runtime, ms | Secateur, ms | gain | of the multiply-add peak | ONNX Runtime's share | ONNX form |\n|---|---|---|---|---|---|---|---|---|\n");
        foreach (NetworkCell cell in cells)
            table.Append(
                $"| {cell.Network} | {cell.Batch} | {cell.Threads} | {cell.OnnxRuntime.Text("F1")} | {cell.Secateur.Text("F1")} | {cell.Gain.Text("F2")} | {cell.Share.Text("0.0%")} | {cell.OnnxShare.Text("0.0%")} | {cell.OnnxForm} |\n");
        return new("Dense networks beside ONNX Runtime", [.. Bounds(cells)], table.ToString(), new JsonArray([.. cells.Select(cell => (JsonNode)ToJson(cell))]));
    }

    public static double GeometricMean(IEnumerable<NetworkCell> cells) => Math.Exp(cells.Average(cell => Math.Log(cell.Gain.Median)));

    /// <summary>The promises about dense networks on two threads.</summary>
    static IEnumerable<Bound> Bounds(IReadOnlyList<NetworkCell> cells)
    {
        NetworkCell[] two = [.. cells.Where(cell => cell.Threads == 2)];
        if (two.Length == 0)
            yield break;
        foreach (NetworkCell cell in two)
            yield return new($"{cell.Network} batch {cell.Batch}, 2 threads: ONNX Runtime's time over ours", "> 1", cell.Gain.Text("F2"), cell.Gain.Median > 1);
        yield return new("geometric mean of these", "≥ 1.10", $"{GeometricMean(two):F3}", GeometricMean(two) >= 1.1);
        foreach (NetworkCell cell in two.Where(cell => cell.Batch == 8 && cell.Network != "DeiT-T"))
            yield return new($"{cell.Network} batch 8, 2 threads: share of the multiply-add peak, end to end", "≥ 86%", cell.Share.Text("0.0%"), cell.Share.Median >= 0.86);
    }

    static JsonObject ToJson(NetworkCell cell) => new()
    {
        ["network"] = cell.Network,
        ["batch"] = cell.Batch,
        ["threads"] = cell.Threads,
        ["onnxForm"] = cell.OnnxForm,
        ["rounds"] = cell.Rounds,
        ["gigaMacs"] = Json.Round(cell.GigaMacs),
        ["onnxRuntimeMilliseconds"] = Json.Of(cell.OnnxRuntime),
        ["secateurMilliseconds"] = Json.Of(cell.Secateur),
        ["gain"] = Json.Of(cell.Gain),
        ["onnxRuntimeShareOfPeak"] = Json.Of(cell.OnnxShare),
        ["secateurShareOfPeak"] = Json.Of(cell.Share),
        ["peakGigaFlops"] = Json.Of(cell.Peak),
    };
}
