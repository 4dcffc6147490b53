using System.Globalization;
using BenchmarkDotNet.Running;
using Secateur.Benchmarks.Networks;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["networks", ..]:
        NetworkBench.Run(args.AsSpan(1));
        return 0;
    case ["micro", ..]:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args[1..]);
        return 0;
    default:
        Console.Error.WriteLine("What to measure: networks, micro. See benchmarks/README.md.");
        return 2;
}
