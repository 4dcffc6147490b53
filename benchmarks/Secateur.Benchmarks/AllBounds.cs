using Secateur.Benchmarks.Measuring;
using Secateur.Benchmarks.Networks;
using Secateur.Benchmarks.Pruning;
using Secateur.Benchmarks.Tool;

namespace Secateur.Benchmarks;

/// <summary>Every promise about speed and memory, measured in one go.</summary>
internal static class AllBounds
{
    /// <summary>Arguments: those of the networks.</summary>
    /// <returns>0 when every bound holds, 1 otherwise.</returns>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        List<Section> sections = [];
        sections.Add(NetworkReport.Of(NetworkBench.Run(arguments)));
        sections.Add(PruningBench.Run([]));
        sections.Add(MemoryBench.Run());
        sections.Add(ColdBench.Run());
        var results = new Results(OnnxRuntimePeer.Installed, sections);
        string folder = results.Write();
        Console.WriteLine();
        Console.WriteLine(Results.Table(sections.SelectMany(section => section.Bounds)));
        Console.WriteLine($"Written to {Path.GetRelativePath(Repository.Root, folder)}.");
        return results.AllHold ? 0 : 1;
    }
}
