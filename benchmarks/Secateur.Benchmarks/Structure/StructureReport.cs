using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Secateur.Benchmarks.Measuring;

namespace Secateur.Benchmarks.Structure;

/// <summary>The tables of structure.json for people, with the drops that OPTIN's authors show beside ours.</summary>
internal static class StructureReport
{
    static readonly (string Network, string Data, (double Macs, double Drop)[] Points)[] Published =
    [
        ("DeiT-T", "ImageNet", [(0.747, 0.55), (0.703, 0.95), (0.65, 1.30), (0.605, 1.92), (0.55, 2.38), (0.5, 2.99)]),
        ("BERT-base", "SST-2", [(0.7, 0.68), (0.6, 1.35), (0.55, 2.35), (0.5, 3.2)]),
        ("BERT-base", "MNLI", [(0.9, 0.55), (0.8, 0.65), (0.7, 1.35), (0.6, 2.65), (0.5, 5.9)]),
        ("BERT-base", "QNLI", [(0.65, 1.5), (0.6, 2.75), (0.5, 6.8)]),
        ("BERT-base", "MRPC", [(0.7, 0.55), (0.6, 1.15)]),
    ];

    /// <summary>Writes structure.md beside structure.json.</summary>
    public static void Write()
    {
        Machine machine = Machine.This;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # Heads and neurons taken out at the same ratios of multiply-adds

            Written by `benchmarks/run structure`: {machine.Cpu}, {machine.Cores} cores, {machine.Instructions}, {machine.Runtime}.

            Nothing was trained. Budgets are multiply-adds of blocks, embedding and head; of `latency-aware`, measured time, one sequence in a run. Each cell
            says what is right, percent, and in brackets what is equal to the dense network's answer. What a network is judged on was never calibrated with. Times: one at a time, in turn with dense, dense to dense.

            """);
        JsonObject networks = StructureResults.Load();
        foreach (string name in StructureSubject.Names.Where(networks.ContainsKey))
            text.Append(Section(name, networks[name]!));
        text.Append(Drops(networks));
        string file = Path.ChangeExtension(StructureResults.File, ".md");
        File.WriteAllText(file, text.ToString());
        Console.WriteLine($"Written to {Path.GetRelativePath(Repository.Root, file)}.");
    }

    static string Section(string name, JsonNode network)
    {
        StructureCell[] cells = Cells(network);
        double[] ratios = [.. cells.Select(cell => cell.Wanted).Distinct().OrderDescending()];
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"\n## {name}\n\n{network["what"]}. Calibrated on {network["calibration"]}; judged on {network["test"]}");
        text.Append(network["right"] is { } right ? FormattableString.Invariant($"; dense is right on {100 * (double)right:0.0}%.\n") : "; there are no right answers, so that the answers equal to dense and the KL are given.\n");
        foreach (JsonNode? note in network["notes"]!.AsArray())
            text.Append(CultureInfo.InvariantCulture, $"{note}\n");
        text.Append(CultureInfo.InvariantCulture, $"\n| scorer | allocator | corrector | {string.Join(" | ", ratios.Select(ratio => FormattableString.Invariant($"{ratio}x")))} |\n|---|---|---|{string.Concat(ratios.Select(_ => "---|"))}\n");
        foreach (var row in cells.GroupBy(cell => (cell.Scorer, cell.Allocator, cell.Corrector)))
            text.Append(CultureInfo.InvariantCulture, $"| {row.Key.Scorer} | {row.Key.Allocator} | {row.Key.Corrector} | {string.Join(" | ", ratios.Select(ratio => row.FirstOrDefault(cell => cell.Wanted == ratio)?.Text ?? ""))} |\n");
        text.Append(Speeds(cells, ratios));
        text.Append("\nSeconds of scoring, on a machine as busy as it was: ").AppendJoin(", ", network["scoring-seconds"]!.AsObject().Select(one => FormattableString.Invariant($"`{one.Key}` {(double)one.Value!:0.0}"))).Append(".\n");
        return text.ToString();
    }

    static string Speeds(StructureCell[] cells, double[] ratios)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"\nSpeed against dense (95% interval), parameters and multiply-adds left:\n\n| scorer | allocator | {string.Join(" | ", ratios.Select(ratio => FormattableString.Invariant($"{ratio}x")))} |\n|---|---|{string.Concat(ratios.Select(_ => "---|"))}\n");
        foreach (var row in cells.Where(cell => cell.Speedup is not null).GroupBy(cell => (cell.Scorer, cell.Allocator)))
            text.Append(CultureInfo.InvariantCulture, $"| {row.Key.Scorer} | {row.Key.Allocator} | {string.Join(" | ", ratios.Select(ratio => Speed(row.FirstOrDefault(cell => cell.Wanted == ratio))))} |\n");
        return text.ToString();
    }

    static string Speed(StructureCell? cell) =>
        cell is { Speedup: { } speedup } ? FormattableString.Invariant($"{speedup.Value:0.00}x ({speedup.Low:0.00}-{speedup.High:0.00}), {100 * cell.Parameters:0}%, {100 * cell.Macs:0}%") : "";

    static string Drops(JsonObject networks)
    {
        var text = new StringBuilder("\n## Drops of OPTIN, points\n\nPublished: Khaki and Plataniotis, ICLR 2024, read from the figures of its project page. Other data, or the whole of it; DeiT-T with tokens reduced too; nothing corrected. Drops, not levels, are what compares.\n\n| network | data | scorer, allocator, corrector | multiply-adds: drop |\n|---|---|---|---|\n");
        foreach ((string network, string data, (double Macs, double Drop)[] points) in Published)
            text.Append(CultureInfo.InvariantCulture, $"| {network} | {data} | published | {Points(points)} |\n");
        foreach (string name in StructureSubject.Names.Where(name => networks[name]?["right"] is not null))
        {
            double dense = (double)networks[name]!["right"]!;
            foreach (var row in Cells(networks[name]!).Where(cell => cell is { Scorer: "optin" or "optin-fast", Allocator: "mask-search", Corrector: "none" or "rescale-bias" }).GroupBy(cell => (cell.Scorer, cell.Allocator, cell.Corrector)))
                text.Append(CultureInfo.InvariantCulture, $"| {name} | as above | {row.Key.Scorer}, {row.Key.Allocator}, {row.Key.Corrector} | {Points(row.Select(cell => (cell.Wanted, Math.Round(100 * (dense - cell.Right!.Value), 1))))} |\n");
        }

        return text.ToString();
    }

    static string Points(IEnumerable<(double Macs, double Drop)> points) => string.Join(", ", points.Select(point => FormattableString.Invariant($"{point.Macs}x: {point.Drop}")));

    static StructureCell[] Cells(JsonNode network) => [.. network["cells"]!.AsArray().Select(cell => StructureCell.Read(cell!)).OrderBy(cell => cell.Place)];
}
