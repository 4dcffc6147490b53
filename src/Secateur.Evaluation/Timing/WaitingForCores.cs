using System.Diagnostics;
using System.Globalization;

namespace Secateur.Evaluation.Timing;

/// <summary>How long the threads of this process were ready to run and had to wait, since other programs had their cores.</summary>
public sealed class WaitingForCores
{
    readonly long start = Stopwatch.GetTimestamp();
    readonly double? before = Seconds();

    /// <summary>The part of the time since this was made, in [0, 1].</summary>
    /// <param name="threads">Threads that had work.</param>
    /// <returns>Null where the system does not tell.</returns>
    public double? Part(int threads) =>
        Seconds() - before is { } waited ? Math.Clamp(waited / (Stopwatch.GetElapsedTime(start).TotalSeconds * threads), 0, 1) : null;

    /// <summary>Linux keeps three numbers for each thread: nanoseconds on a core, nanoseconds ready and waiting, turns.</summary>
    static double? Seconds()
    {
        try
        {
            double sum = 0;
            foreach (string thread in Directory.EnumerateDirectories("/proc/self/task"))
                sum += double.Parse(File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ')[1], CultureInfo.InvariantCulture);
            return sum / 1e9;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            return null;
        }
    }
}
