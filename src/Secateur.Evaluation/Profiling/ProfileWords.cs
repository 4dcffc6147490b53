using System.Globalization;

namespace Secateur.Evaluation.Profiling;

/// <summary>What a profile says, in words: the same in the picture and on the command line.</summary>
public static class ProfileWords
{
    /// <summary>The latency at both ends: "1.91 ms at 197 tokens, 0.31 ms at 2".</summary>
    public static string Range(BatchLatency batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return batch.Points.IsEmpty
            ? "nothing was measured"
            : $"{Milliseconds(batch.Points[^1].Milliseconds.Median)} at {batch.Points[^1].Tokens} tokens{(batch.Points.Length > 1 ? $", {Milliseconds(batch.Points[0].Milliseconds.Median)} at {batch.Points[0].Tokens}" : "")}";
    }

    /// <summary>Whether there are steps and which is the largest.</summary>
    public static string Steps(BatchLatency batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Steps.IsEmpty)
            return "No step beyond the noise: the latency rises smoothly.";
        LatencyStep largest = batch.Steps.MaxBy(step => Math.Abs(step.Milliseconds - step.Trend))!;
        return $"{batch.Steps.Length} {(batch.Steps.Length == 1 ? "step" : "steps")}, the largest from {largest.Tokens} to {largest.Next} tokens: {Signed(largest.Milliseconds)}.";
    }

    /// <summary>What one more token costs, and where most.</summary>
    public static string Token(BatchLatency batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return (batch.TokenMilliseconds, batch.Dearest) switch
        {
            (null, _) => "One count says nothing about the cost of one more token.",
            ({ } usual, null) => $"One more token costs {Milliseconds(usual)}, and nowhere more beyond the noise.",
            ({ } usual, { } dearest) => $"One more token costs {Milliseconds(usual)} in the middle, and most from {dearest.Tokens} to {dearest.Next} tokens: {Milliseconds(dearest.Milliseconds)} each.",
        };
    }

    /// <summary>Three digits: "12.3 ms".</summary>
    public static string Milliseconds(double milliseconds)
    {
        int decimals = milliseconds == 0 ? 0 : Math.Clamp(2 - (int)Math.Floor(Math.Log10(Math.Abs(milliseconds))), 0, 5);
        return milliseconds.ToString($"F{decimals}", CultureInfo.InvariantCulture) + " ms";
    }

    /// <summary>With its sign: "+0.41 ms".</summary>
    public static string Signed(double milliseconds) => (milliseconds >= 0 ? "+" : "") + Milliseconds(milliseconds);
}
