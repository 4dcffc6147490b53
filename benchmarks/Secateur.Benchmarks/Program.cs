using System.Globalization;
using BenchmarkDotNet.Running;
using Secateur.Benchmarks;
using Secateur.Benchmarks.Exports;
using Secateur.Benchmarks.Measuring;
using Secateur.Benchmarks.Methods;
using Secateur.Benchmarks.Networks;
using Secateur.Benchmarks.Pipeline;
using Secateur.Benchmarks.Pruning;
using Secateur.Benchmarks.Structure;
using Secateur.Benchmarks.Tool;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    return Run(args);
}
catch (Exception e) when (e is ArgumentException or FormatException or IOException or InvalidOperationException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}

static int Run(string[] args)
{
    switch (args)
    {
        case ["all", ..]:
            return AllBounds.Run(args.AsSpan(1));
        case ["networks", ..]:
            return Show(NetworkReport.Of(NetworkBench.Run(args.AsSpan(1))));
        case ["profile", ..]:
            ProfileBench.Run(args.AsSpan(1));
            return 0;
        case ["gemm", ..]:
            return GemmBench.Run(args[1..]);
        case ["attention", ..]:
            return AttentionBench.Run(args[1..]);
        case ["pruning", ..]:
            return Show(PruningBench.Run(args.AsSpan(1)));
        case ["structure-scores", ..]:
            return StructureScoresBench.Run(args.AsSpan(1));
        case ["methods", ..]:
            return MethodsBench.Run(args.AsSpan(1));
        case ["structure", ..]:
            return StructureBench.Run(args.AsSpan(1));
        case ["onnx", ..]:
            return ExportBench.Run(args.AsSpan(1));
        case ["pipeline", ..]:
            return Show(PipelineBench.Run(args.AsSpan(1)));
        case ["memory"]:
            return Show(MemoryBench.Run());
        case ["memory-once", var network]:
            MemoryBench.RunOnce(network);
            return 0;
        case ["cold"]:
            return Show(ColdBench.Run());
        case ["micro", ..]:
            BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args[1..]);
            return 0;
        default:
            Console.Error.WriteLine("What to measure: all, networks, profile, gemm, attention, pruning, structure, structure-scores, methods, onnx, pipeline, memory, cold, micro. See benchmarks/README.md.");
            return 2;
    }
}

static int Show(Section section)
{
    Console.WriteLine();
    Console.WriteLine(section.Table);
    Console.WriteLine(Results.Table(section.Bounds));
    return section.Bounds.All(bound => bound.Holds) ? 0 : 1;
}
