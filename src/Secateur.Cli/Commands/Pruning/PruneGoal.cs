using System.CommandLine;
using System.Globalization;

namespace Secateur.Cli.Commands.Pruning;

/// <summary>What a pruned network may cost, as it is typed: --macs 0.6x, --macs 1.2G, --latency 0.7x, --latency 8ms.</summary>
internal sealed class PruneGoal
{
    const string Usual = "0.6x";

    readonly Option<string?> macs = new("--macs") { Description = $"Multiply-adds that the pruned network may have: a part of what it has now (0.6x), or a number (1.2G). Default: {Usual}.", HelpName = "0.6x|1.2G" };

    readonly Option<string?> latency = new("--latency") { Description = "Time of a run that the pruned network may take, as predicted from what heads and neurons take on this machine: a part of now (0.7x), or milliseconds (8ms). The allocator is latency-aware then, unless another is named.", HelpName = "0.7x|8ms" };
    readonly Option<string?> profile = new("--profile") { Description = "What heads and neurons take: a file of secateur profile --widths. Default: measured now.", HelpName = "FILE" };

    /// <summary>The options.</summary>
    public IEnumerable<Option> All => [macs, latency, profile];

    /// <summary>The allocator where none is named; null for the usual one.</summary>
    public string? Allocator(ParseResult arguments) => arguments.GetValue(latency) is null ? null : "latency-aware";

    /// <summary>The first of them that was typed; null for none.</summary>
    public string? Named(ParseResult arguments) => All.FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false })?.Name;

    /// <summary>What was typed.</summary>
    /// <exception cref="UsageException">It cannot be meant.</exception>
    public PruneBudget Of(ParseResult arguments)
    {
        if (arguments.GetValue(latency) is { } time)
            return arguments.GetValue(macs) is null ? Latency(time, arguments.GetValue(profile)) : throw new UsageException("--macs and --latency are two goals; name one.");
        if (arguments.GetValue(profile) is not null)
            throw new UsageException("--profile says what heads and neurons take, which only --latency asks for.");
        string text = arguments.GetValue(macs) ?? Usual;
        if ((Number(text, "x", 1) ?? Number(text, "%", 0.01)) is { } part)
            return part is > 0 and < 1 ? new(text, macs.Name, part, 0) : throw new UsageException($"--macs {text}: expected a part as 0.6x, above 0 and below 1.");

        // A bare 0.6 is meant as a part, and nobody has a network of less than a thousand.
        return (Number(text, "T", 1e12) ?? Number(text, "G", 1e9) ?? Number(text, "M", 1e6) ?? Number(text, "", 1)) is >= 1000 and var count
            ? new(text, macs.Name, null, count)
            : throw new UsageException($"--macs {text}: expected a part of what the network has now as 0.6x, or a number of multiply-adds as 1.2G.");
    }

    PruneBudget Latency(string text, string? file)
    {
        if ((Number(text, "x", 1) ?? Number(text, "%", 0.01)) is { } part)
            return part is > 0 and < 1 ? new(text, latency.Name, part, 0, true, file) : throw new UsageException($"--latency {text}: expected a part as 0.7x, above 0 and below 1.");
        return Number(text, "ms", 1) is > 0 and var milliseconds
            ? new(text, latency.Name, null, milliseconds, true, file)
            : throw new UsageException($"--latency {text}: expected a part of what a run takes now as 0.7x, or milliseconds as 8ms.");
    }

    static double? Number(string text, string unit, double scale) =>
        text.EndsWith(unit, StringComparison.Ordinal) && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) ? number * scale : null;
}
