using System.Text;
using Secateur.Cli.Commands.Planning;
using Secateur.Evaluation.Profiling;
using Secateur.Evaluation.Structured;

namespace Secateur.Cli.Commands.Pruning;

/// <summary>A model card: what was done to a network, what it costs now, what it lost.</summary>
internal static class PrunedCard
{
    const string Mark = "Nothing was trained again. Made by ";
    const int MarkWithin = 1 << 14;

    /// <summary>Whether a file is such a card.</summary>
    /// <param name="path">The file.</param>
    public static bool IsOne(string path)
    {
        using StreamReader reader = File.OpenText(path);
        var start = new char[MarkWithin];
        return start.AsSpan(0, reader.ReadBlock(start)).Contains(Mark, StringComparison.Ordinal);
    }

    /// <summary>The card, as Markdown.</summary>
    /// <param name="result">All that is known.</param>
    /// <param name="named">How the network was named.</param>
    /// <param name="plan">What the plan's file is called.</param>
    public static string Of(PruneResult result, string named, string plan)
    {
        var card = new StringBuilder();
        card.Append($"# {Plain(result.Dense.Architecture)}, pruned\n\n");
        card.Append($"Heads and neurons were taken out of `{Plain(named)}` (its licence holds for this too). {Mark}{PlanOrigins.Tool}: {result.How}; {result.Goal}; looked at {Plain(result.Calibration)}.\n\n");
        card.Append("| | dense | pruned |\n|---|---|---|\n");
        card.Append($"| parameters | {result.Check.Dense.Parameters:N0} | {result.Check.Pruned.Parameters:N0} |\n");
        card.Append($"| multiply-adds of one, as executed | {result.Check.Dense.Macs / 1e9:0.0000} G | {result.Check.Pruned.Macs / 1e9:0.0000} G ({result.Check.Pruned.Macs / result.Check.Dense.Macs:0.000}x) |\n");
        if (result.Check.Timing is { } timing)
        {
            card.Append($"| milliseconds of one (median) | {timing.Dense.P50:0.000} | {timing.Smaller.P50:0.000} |\n\n");
            card.Append($"Timed in turn, {timing.Rounds} rounds, on {DeviceFingerprint.OfThisMachine().Processor} with {result.Threads} threads: {PruneReport.Speed(timing)}; dense against itself {timing.Control.Low:0.00} to {timing.Control.High:0.00}.\n");
        }

        card.Append("\n## What it answers\n\n");
        foreach ((string data, NetworkComparison answers) in result.Answers)
            foreach (string line in PruneReport.Lines(answers))
                card.Append($"- {Plain(data)}: {line}\n");
        if (result.Answers.IsEmpty)
            card.Append("Nobody looked.\n");
        card.Append("\n## What stayed\n\n```\n");
        foreach (string line in StructurePicture.Lines(result.Dense, result.Pruned, block => result.Plan.Layers[block].Heads))
            card.Append(line).Append('\n');
        card.Append($"```\n\n`{plan}` says it unit by unit; the same is made again by\n\n    secateur prune {Plain(named)} --plan {plan} -o again\n");
        foreach (string failure in result.Check.Failures)
            card.Append($"\n**{failure}.**\n");
        return card.ToString();
    }

    /// <summary>Names steer no page.</summary>
    static string Plain(string text) => string.Concat(text.Select(c => char.IsControl(c) || c is '`' or '<' or '>' or '[' or ']' ? ' ' : c));
}
