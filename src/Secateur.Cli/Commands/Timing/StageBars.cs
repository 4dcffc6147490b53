using System.Collections.Immutable;
using Secateur.Evaluation.Timing;
using Spectre.Console;

namespace Secateur.Cli.Commands.Timing;

/// <summary>Where the time goes, part by part: numbers, and bars of one scale whose letters say the part without colours too.</summary>
internal static class StageBars
{
    /// <summary>Columns that names and numbers take, and how long the longest bar may be.</summary>
    const int Beside = 66, Shortest = 12, Longest = 40;

    static readonly (string Name, char Letter, string Colour, Func<StageTimes, double> Of)[] Parts =
    [
        ("embed", 'e', "grey", stages => stages.Embedding),
        ("attention", 'a', "blue", stages => stages.Attention),
        ("MLP", 'm', "green", stages => stages.Mlp),
        ("select", 's', "yellow", stages => stages.Selection),
        ("head", 'h', "grey", stages => stages.Head),
    ];

    /// <summary>Writes them.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="plans">Of one batch size.</param>
    public static void Write(IAnsiConsole console, ImmutableArray<TimedPlan> plans)
    {
        (string Name, StageTimes Stages)[] rows =
        [
            ("dense", plans[0].Timing.DenseStages),
            .. BenchReport.Shown(plans).Select(plan => (plan.Timing.Name, plan.Timing.PlanStages)),
        ];
        double most = rows.Max(row => row.Stages.Whole);
        int width = Math.Clamp(console.Profile.Width - Beside, Shortest, Longest);
        Table table = BenchReport.Empty(["ms in", .. Parts.Select(part => part.Name), ""]);
        foreach ((string name, StageTimes stages) in rows)
            table.AddRow([Markup.Escape(name), .. Parts.Select(part => BenchReport.Three(part.Of(stages))), Bar(stages, most, width)]);
        console.Write(table);
        if (rows.Max(row => row.Stages.Error) is var error and >= 0.005)
            console.MarkupLineInterpolated($"[dim]The parts were measured in rounds of their own; they were off the times above by up to {error:0.0%} and are scaled to them.[/]");
    }

    /// <summary>Letters up to where each part ends, so that rounding never adds up.</summary>
    static string Bar(StageTimes stages, double most, int width)
    {
        double until = 0;
        int drawn = 0;
        string bar = "";
        foreach (var part in Parts)
        {
            until += part.Of(stages);
            int end = (int)Math.Round(until / most * width);
            if (end > drawn)
                bar += $"[{part.Colour}]{new string(part.Letter, end - drawn)}[/]";
            drawn = Math.Max(drawn, end);
        }

        return bar;
    }
}
