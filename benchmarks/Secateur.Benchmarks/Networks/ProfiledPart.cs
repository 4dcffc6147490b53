using System.Diagnostics;

namespace Secateur.Benchmarks.Networks;

/// <summary>A part of a run with a watch of its own.</summary>
/// <param name="name">For the table.</param>
/// <param name="flops">Operations of this part in a whole run; 0 where they do not count.</param>
/// <param name="action">Does the part of a block.</param>
internal sealed class ProfiledPart(string name, double flops, Action<int> action)
{
    public string Name => name;

    public double Flops => flops;

    /// <summary>Time in the run that goes on.</summary>
    public long Ticks { get; set; }

    /// <summary>Milliseconds of each run.</summary>
    public List<double> Times { get; } = [];

    public void Run(int block)
    {
        long start = Stopwatch.GetTimestamp();
        action(block);
        Ticks += Stopwatch.GetTimestamp() - start;
    }
}
