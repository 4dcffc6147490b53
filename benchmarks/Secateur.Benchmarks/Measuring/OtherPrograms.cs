using System.Diagnostics;
using System.Globalization;

namespace Secateur.Benchmarks.Measuring;

/// <summary>How much of the machine other programs (and other guests of its host) took while something was measured. Turns and medians
/// bear a little of that; a result must say how much there was.</summary>
internal sealed class OtherPrograms
{
    readonly double busyBefore = Busy();
    readonly double ownBefore = Own();
    readonly long start = Stopwatch.GetTimestamp();

    /// <summary>Their share of all cores' time since this was made, in [0, 1]; null where the system does not tell. Child processes count as
    /// our own once they have ended.</summary>
    public double? Share()
    {
        double whole = Stopwatch.GetElapsedTime(start).TotalSeconds * Environment.ProcessorCount;
        double busy = Busy() - busyBefore;
        return busy > 0 ? Math.Clamp((busy - (Own() - ownBefore)) / whole, 0, 1) : null;
    }

    /// <summary>Seconds that all cores were at work, time stolen by the host included.</summary>
    static double Busy()
    {
        if (!File.Exists("/proc/stat"))
            return 0;
        double[] ticks = [.. File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(Number)];
        return (ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6] + ticks[7]) / 100;
    }

    /// <summary>Seconds that this process and its ended children were at work.</summary>
    static double Own()
    {
        if (!File.Exists("/proc/self/stat"))
            return 0;
        string line = File.ReadAllText("/proc/self/stat");
        string[] fields = line[(line.LastIndexOf(')') + 2)..].Split(' '); // the name may hold blanks; what follows begins with field 3
        return fields[11..15].Sum(Number) / 100;
    }

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
