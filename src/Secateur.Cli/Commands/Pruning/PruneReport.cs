using Secateur.Cli.Commands.Timing;
using Secateur.Compression.Structured;
using Secateur.Evaluation.Structured;
using Secateur.Evaluation.Timing;
using Spectre.Console;

namespace Secateur.Cli.Commands.Pruning;

/// <summary>What pruning did, as tables for people.</summary>
internal static class PruneReport
{
    /// <summary>Threads that wait for longer, or a control that is less sure, say that the machine was busy.</summary>
    const double MostWaited = 0.05, MostNoise = 0.05;

    /// <summary>Writes it.</summary>
    public static void Write(Terminal terminal, PruneResult result)
    {
        IAnsiConsole console = terminal.Tables();
        console.MarkupLineInterpolated($"[bold]{result.Dense.Architecture}[/] at {result.Goal}; {result.How}; {result.Calibration}");
        console.Write(Sizes(result));
        foreach (string line in StructurePicture.Lines(result.Dense, result.Pruned, block => result.Plan.Layers[block].Heads))
            console.WriteLine(line);
        foreach ((string data, NetworkComparison answers) in result.Answers)
        {
            console.WriteLine();
            console.MarkupLineInterpolated($"[bold]{data}[/]");
            foreach (string line in Lines(answers))
                console.WriteLine("  " + line);
        }

        if (result.Seconds.Length > 0)
            console.WriteLine($"\nscoring took {Time(result, PruningStep.Score)}, making up for what was removed {Time(result, PruningStep.Correct)}");
    }

    /// <summary>How the pruned network answers, in sentences.</summary>
    public static IEnumerable<string> Lines(NetworkComparison answers)
    {
        if (answers.Same is { } same)
            yield return $"same answer as dense: {same.Count} of {same.Of} ({same.Part:0.0%}, 95% sure: {same.Interval.Low:0.0%} to {same.Interval.High:0.0%}); KL {answers.Divergence:0.0000}";
        else
            yield return $"correlation with the dense network's answers: {answers.Correlation:0.0000} ({answers.Answers} answers)";
        if (answers is { DenseRight: { } dense, Right: { } right, Lost: { } lost })
            yield return $"right: {right.Part:0.0%}, dense {dense.Part:0.0%}; lost {100 * lost.Value:0.0} points (95% sure: {100 * lost.Low:0.0} to {100 * lost.High:0.0})";
    }

    static Table Sizes(PruneResult result)
    {
        (NetworkSize dense, NetworkSize pruned) = (result.Check.Dense, result.Check.Pruned);
        Table table = BenchReport.Empty("", "dense", "pruned", "");
        table.AddRow("parameters", Count(dense.Parameters), Count(pruned.Parameters), $"{(double)pruned.Parameters / dense.Parameters:0.000}x");
        table.AddRow("multiply-adds", Count(dense.Macs), Count(pruned.Macs), $"{pruned.Macs / dense.Macs:0.000}x");
        if (result.Check.Timing is { } timing)
            table.AddRow("latency", $"{BenchReport.Three(timing.Dense.P50)} ms", $"{BenchReport.Three(timing.Smaller.P50)} ms", Markup.Escape(Speed(timing)));
        if (result.Bytes is { } bytes)
            table.AddRow("weights on disk", $"{bytes.Dense / 1e6:0.00} MB", $"{bytes.Pruned / 1e6:0.00} MB", $"{(double)bytes.Pruned / bytes.Dense:0.000}x");
        return table;
    }

    /// <summary>"1.42x as fast (1.38 to 1.45)", or that there is no difference.</summary>
    public static string Speed(SideBySide timing) =>
        timing.Differs ? $"{timing.Speedup.Value:0.00}x as fast ({timing.Speedup.Low:0.00} to {timing.Speedup.High:0.00})" : $"no difference ({timing.Speedup.Low:0.00} to {timing.Speedup.High:0.00})";

    /// <summary>What to mind about the times.</summary>
    public static IEnumerable<string> Cautions(PruneResult result)
    {
        if (result.Check.Timing is { Waited: > MostWaited } busy)
            yield return $"the machine was busy: threads had to wait for a core {busy.Waited:0%} of the time. Ratios bear that, times do not";
        if (result.Check.Timing is { Noise: > MostNoise } noisy)
            yield return $"the machine was noisy: dense against itself reaches from {noisy.Control.Low:0.00} to {noisy.Control.High:0.00}, and smaller differences cannot be seen. More rounds help (--rounds), or a quiet machine";
    }

    /// <summary>"1.38 M", "0.354 G".</summary>
    static string Count(double number) => number >= 1e8 ? $"{number / 1e9:0.000} G" : $"{number / 1e6:0.00} M";

    static string Time(PruneResult result, PruningStep step)
    {
        double seconds = result.Seconds.Where(one => one.Step == step).Sum(one => one.Seconds);
        return seconds < 120 ? $"{seconds:0.0} s" : $"{seconds / 60:0.0} min";
    }
}
