using System.Diagnostics;
using System.Text.Json.Nodes;
using Secateur.Benchmarks.Measuring;
using Secateur.Benchmarks.Networks;
using Secateur.Kernels;
using Secateur.Models.Vit;

namespace Secateur.Benchmarks.Tool;

/// <summary>The most memory that loading DeiT-S and running one picture takes: the library in a process of its own, and the tool.</summary>
internal static class MemoryBench
{
    const double Allowed = 60;

    public static Section Run()
    {
        DeitNetwork network = DeitNetwork.Named("DeiT-S");
        double weights = new FileInfo(Path.Combine(network.Folder, "model.safetensors")).Length / 1e6;
        double library = Child(network), tool = Enumerable.Range(0, 3).Max(_ => ToolRun.Of(true, "classify", "--model", network.Folder, ToolRun.Picture).PeakBytes / 1e6);
        string required = $"≤ weights {weights:F1} + {Allowed:F0} = {weights + Allowed:F1} MB";
        Bound[] bounds =
        [
            new("DeiT-S batch 1: peak memory of a process that loads and runs it", required, $"{library:F1} MB", library <= weights + Allowed),
            new("DeiT-S batch 1: peak memory of secateur classify", required, $"{tool:F1} MB", tool <= weights + Allowed),
        ];
        return new("Memory", bounds, "", new JsonObject { ["weightsMB"] = Json.Round(weights), ["libraryMB"] = Json.Round(library), ["toolMB"] = Json.Round(tool) });
    }

    /// <summary>What the child process does: loads, runs once, prints its high-water mark in bytes.</summary>
    public static void RunOnce(string network)
    {
        VisionTransformer model = DeitNetwork.Named(network).Load(Threads.Shared);
        float[] picture = new float[model.ImageLength], logits = new float[model.Classes];
        model.Run(picture, 1, logits);
        Console.WriteLine(ToolRun.PeakOf(Environment.ProcessId));
    }

    static double Child(DeitNetwork network)
    {
        using Process process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [typeof(MemoryBench).Assembly.Location, "memory-once", network.Name])
        {
            RedirectStandardOutput = true,
        })!;
        string answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return long.Parse(answer, System.Globalization.CultureInfo.InvariantCulture) / 1e6;
    }
}
