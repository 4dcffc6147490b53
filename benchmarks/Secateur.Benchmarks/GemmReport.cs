using System.Text;
using System.Text.Json.Nodes;
using Secateur.Benchmarks.Measuring;
using Secateur.Kernels;

namespace Secateur.Benchmarks;

/// <summary>The matrix product's measurements at 197 rows as a part of the results; the promise is kept when every shape keeps it.</summary>
internal static class GemmReport
{
    const int Rows = 197;
    const int Turns = 60;
    static readonly (int Threads, double Least)[] Promises = [(1, 0.90), (2, 0.85)];

    public static Section Run()
    {
        List<Bound> bounds = [];
        var table = new StringBuilder("| product, 197 rows | one core | two cores |\n|---|---|---|\n");
        var data = new JsonArray();
        GemmRow[][] rows = [.. Promises.Select(promise => Array.ConvertAll(
            GemmBench.Layers, layer => GemmBench.Measure(KernelSet.Default, promise.Threads, Rows, layer.Inputs, layer.Outputs, "none", Turns)))];
        for (int i = 0; i < Promises.Length; i++)
        {
            GemmRow worst = rows[i].MinBy(row => row.Share)!;
            bounds.Add(new(
                $"matrix product at DeiT's shapes, 197 rows, {Promises[i].Threads} thread{(i == 0 ? "" : "s")}: share of the multiply-add peak, worst of {rows[i].Length} shapes",
                $"≥ {Promises[i].Least:0%}",
                $"{worst.Share:0.0%} (at {worst.Inputs} → {worst.Outputs}; median of the shapes {Spread.MedianOf(rows[i].Select(row => row.Share)):0.0%})",
                worst.Share >= Promises[i].Least));
        }

        for (int layer = 0; layer < GemmBench.Layers.Length; layer++)
        {
            table.Append($"| {rows[0][layer].Inputs} → {rows[0][layer].Outputs} |");
            foreach (GemmRow row in rows.Select(all => all[layer]))
            {
                table.Append($" {row.Share:0.0%} ({row.GigaFlops:F0} of {row.PeakGigaFlops:F0} GFLOP/s) |");
                data.Add(new JsonObject
                {
                    ["threads"] = row.Threads,
                    ["rows"] = row.Rows,
                    ["inputs"] = row.Inputs,
                    ["outputs"] = row.Outputs,
                    ["gigaFlops"] = Json.Round(row.GigaFlops),
                    ["peakGigaFlops"] = Json.Round(row.PeakGigaFlops),
                });
            }

            table.Append('\n');
        }

        return new("The matrix product", bounds, table.ToString(), data);
    }
}
