using System.Diagnostics;
using System.Globalization;

namespace Secateur.Benchmarks.Tool;

/// <summary>One run of the built tool as a process of its own.</summary>
/// <param name="Milliseconds">From the start of the process to its end.</param>
/// <param name="PeakBytes">The most memory it had in RAM, as far as a look every two milliseconds tells.</param>
internal sealed record ToolRun(double Milliseconds, long PeakBytes)
{
    /// <summary>A picture as a user has one.</summary>
    public static string Picture => Path.Combine(Repository.Root, "tests", "Secateur.Tests", "Fixtures", "images", "q75-422.jpg");

    /// <summary>Runs the tool.</summary>
    /// <param name="watchMemory">Whether to look at its memory meanwhile, which costs it a little time.</param>
    /// <param name="arguments">As a user types them.</param>
    public static ToolRun Of(bool watchMemory, params string[] arguments)
    {
        string tool = Path.Combine(Repository.Root, "artifacts", "secateur", "secateur");
        if (!File.Exists(tool))
            throw new FileNotFoundException("The tool is not built; run ./secateur --version first.");
        long start = Stopwatch.GetTimestamp();
        using Process process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        long peak = 0;
        while (watchMemory && !process.HasExited)
        {
            peak = Math.Max(peak, PeakOf(process.Id));
            Thread.Sleep(2);
        }

        process.WaitForExit();
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return process.ExitCode == 0
            ? new(milliseconds, peak)
            : throw new InvalidOperationException($"secateur {string.Join(' ', arguments)} ended with {process.ExitCode}: {errors.Result}{output.Result}");
    }

    /// <summary>The high-water mark of a process's memory in RAM; 0 when it is gone.</summary>
    public static long PeakOf(int process)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line.Split(' ', '\t').Where(word => word.Length > 0).ElementAt(1), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
