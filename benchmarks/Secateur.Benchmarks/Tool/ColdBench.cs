using System.Text.Json.Nodes;
using Secateur.Benchmarks.Measuring;
using Secateur.Benchmarks.Networks;

namespace Secateur.Benchmarks.Tool;

/// <summary>From typing <c>secateur classify</c> to its answer, start of the process included; files are in the system's cache.</summary>
internal static class ColdBench
{
    public static Section Run()
    {
        string folder = DeitNetwork.Named("DeiT-T").Folder;
        ToolRun.Of(false, "classify", "--model", folder, ToolRun.Picture);
        Spread time = Spread.Of(Enumerable.Range(0, 15).Select(_ => ToolRun.Of(false, "classify", "--model", folder, ToolRun.Picture).Milliseconds));
        return new(
            "Cold start",
            [new("secateur classify with DeiT-T, one picture, whole process", "< 700 ms (well under a second)", $"{time.Text("F0")} ms", time.Median < 700)],
            "",
            new JsonObject { ["milliseconds"] = Json.Of(time) });
    }
}
