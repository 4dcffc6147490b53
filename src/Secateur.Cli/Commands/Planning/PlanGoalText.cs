using System.CommandLine;
using System.Globalization;
using Secateur.Evaluation.Planning;

namespace Secateur.Cli.Commands.Planning;

/// <summary>The goals of a command line: --latency 4ms, --latency 0.7x, --macs 0.65x, --max-drop 1%.</summary>
internal sealed class PlanGoalText
{
    readonly Option<string?> latency = new("--latency") { Description = "At most this latency of a run: 4ms, or 0.7x the dense network's.", HelpName = "4ms|0.7x" };
    readonly Option<string?> macs = new("--macs") { Description = "At most this part of the dense network's multiply-adds.", HelpName = "0.65x" };
    readonly Option<string?> drop = new("--max-drop") { Description = "The fastest plan that loses at most this part of the right answers (without labels: of the dense network's answers).", HelpName = "1%" };

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [latency, macs, drop];

    /// <summary>The goal that was typed.</summary>
    /// <exception cref="UsageException">None or several, or one that cannot be meant.</exception>
    public PlanGoal Of(ParseResult arguments) => (arguments.GetValue(latency), arguments.GetValue(macs), arguments.GetValue(drop)) switch
    {
        ({ } text, null, null) when Number(text, "ms") is > 0 and var milliseconds => new(PlanGoalKind.LatencyMilliseconds, milliseconds),
        ({ } text, null, null) => new(PlanGoalKind.LatencyPart, Part(text, "--latency", "a time as 4ms or a part as 0.7x")),
        (null, { } text, null) => new(PlanGoalKind.MacsPart, Part(text, "--macs", "a part as 0.65x")),
        (null, null, { } text) => new(PlanGoalKind.Drop, (Number(text, "%") / 100 ?? Number(text, "")) is >= 0 and < 1 and var part ? part : throw Wrong(text, "--max-drop", "a part as 1%")),
        _ => throw new UsageException("say one goal: --latency 4ms, --latency 0.7x, --macs 0.65x or --max-drop 1%."),
    };

    static double Part(string text, string option, string expected) =>
        (Number(text, "x") ?? Number(text, "%") / 100) is > 0 and < 1 and var part ? part : throw Wrong(text, option, expected);

    static UsageException Wrong(string text, string option, string expected) => new($"{option} {text}: expected {expected}, below all of it.");

    static double? Number(string text, string unit) =>
        text.EndsWith(unit, StringComparison.Ordinal) && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) ? number : null;
}
