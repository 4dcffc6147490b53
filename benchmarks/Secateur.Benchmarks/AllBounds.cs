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
        var others = new OtherPrograms();
        List<Section> sections = [GemmReport.Run(), NetworkReport.Of(NetworkBench.Run(arguments)), PruningBench.Run([]), MemoryBench.Run(), ColdBench.Run()];
        var results = new Results(OnnxRuntimePeer.Installed, others.Share(), sections);
        string folder = results.Write();
        Console.WriteLine();
        Console.WriteLine(Results.Table(sections.SelectMany(section => section.Bounds)));
        Console.WriteLine(results.Quietness);
        Console.WriteLine($"Written to {Path.GetRelativePath(Repository.Root, folder)}.");
        return results.AllHold ? 0 : 1;
    }
}
