using System.Diagnostics;

namespace Secateur.Cli;

/// <summary>One line on stderr that says how far long work is, at what rate, and for how much longer. A person sees it rewritten in
/// place; a file gets a line every ten seconds.</summary>
/// <param name="terminal">Where to write.</param>
/// <param name="what">What is counted: "pictures".</param>
/// <param name="total">How many there will be.</param>
internal sealed class ProgressLine(Terminal terminal, string what, int total) : IProgress<int>, IDisposable
{
    static readonly TimeSpan ForPeople = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan ForFiles = TimeSpan.FromSeconds(10);

    readonly long start = Stopwatch.GetTimestamp();
    TimeSpan next = terminal.ErrorIsPerson ? TimeSpan.FromMilliseconds(300) : ForFiles;
    int shown;

    /// <summary>How many there will be; may become known better on the way.</summary>
    public int Total { get; set; } = total;

    /// <summary>Whether the total stands for all of something that is not counted.</summary>
    public bool Percent { get; init; }

    /// <summary>How many were done before this began: they count as done, but not for the rate.</summary>
    public int Before { get; set; }

    /// <summary>Says it, unless it was said a moment ago.</summary>
    /// <param name="value">How many are done.</param>
    public void Report(int value)
    {
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        if (elapsed < next || value <= Before || value >= Total)
            return;
        next = elapsed + (terminal.ErrorIsPerson ? ForPeople : ForFiles);
        double rate = (value - Before) / elapsed.TotalSeconds;
        string left = $"{Left(TimeSpan.FromSeconds((Total - value) / rate))} left";
        string line = Percent ? $"{what}: {(double)value / Total:0%}, {left}" : $"{value} of {Total} {what}, {rate:0.#} a second, {left}";
        if (!terminal.ErrorIsPerson)
        {
            terminal.Say(line);
            return;
        }

        terminal.Error.Write("\r" + line.PadRight(shown));
        shown = line.Length;
    }

    /// <summary>Takes the line away.</summary>
    public void Dispose()
    {
        if (shown > 0)
            terminal.Error.Write("\r" + new string(' ', shown) + "\r");
        shown = 0;
    }

    static string Left(TimeSpan time) => time.TotalMinutes < 1 ? $"{Math.Ceiling(time.TotalSeconds):0} s" : $"{(int)time.TotalMinutes} min {time.Seconds} s";
}
