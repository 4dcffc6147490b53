using System.CommandLine;
using System.Globalization;

namespace Secateur.Cli.Commands.Pruning;

/// <summary>What a pruned network may cost, as it is typed: --macs 0.6x, --macs 1.2G.</summary>
internal sealed class PruneGoal
{
    const string Usual = "0.6x";

    readonly Option<string?> macs = new("--macs") { Description = $"Multiply-adds that the pruned network may have: a part of what it has now (0.6x), or a number (1.2G). Default: {Usual}.", HelpName = "0.6x|1.2G" };

    /// <summary>The options.</summary>
    public IEnumerable<Option> All => [macs];

    /// <summary>The first of them that was typed; null for none.</summary>
    public string? Named(ParseResult arguments) => All.FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false })?.Name;

    /// <summary>What was typed.</summary>
    /// <exception cref="UsageException">It cannot be meant.</exception>
    public PruneBudget Of(ParseResult arguments)
    {
        string text = arguments.GetValue(macs) ?? Usual;
        if ((Number(text, "x", 1) ?? Number(text, "%", 0.01)) is { } part)
            return part is > 0 and < 1 ? new(text, macs.Name, part, 0) : throw new UsageException($"--macs {text}: expected a part as 0.6x, above 0 and below 1.");

        // A bare 0.6 is meant as a part, and nobody has a network of less than a thousand.
        return (Number(text, "T", 1e12) ?? Number(text, "G", 1e9) ?? Number(text, "M", 1e6) ?? Number(text, "", 1)) is >= 1000 and var count
            ? new(text, macs.Name, null, count)
            : throw new UsageException($"--macs {text}: expected a part of what the network has now as 0.6x, or a number of multiply-adds as 1.2G.");
    }

    static double? Number(string text, string unit, double scale) =>
        text.EndsWith(unit, StringComparison.Ordinal) && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) ? number * scale : null;
}
