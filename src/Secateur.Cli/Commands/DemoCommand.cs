using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Secateur.Cli.Commands.Planning;
using Secateur.Evaluation;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Pictures;
using Secateur.Evaluation.Timing;
using Secateur.Kernels;
using Secateur.Models.Images;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Spectre.Console;

namespace Secateur.Cli.Commands;

/// <summary>Shows the whole idea in one command: the bundled network on drawn scenes, dense and under a plan, side by side.</summary>
internal sealed class DemoCommand : ToolCommand
{
    const int Shown = 6;
    const int InFile = 4;

    readonly Option<int?> scenes = new("--scenes", "-n") { Description = "Scenes to compare the answers on. Default: 400.", HelpName = "N" };
    readonly Option<int?> rounds = new("--rounds") { Description = "Timed rounds. Default: 100.", HelpName = "N" };
    readonly Option<string?> plan = CommonOptions.Plan("zero-tprune");
    readonly Option<string> picture = new("--picture")
    {
        Description = "Where to write the picture of the patches that survived.",
        HelpName = "FILE.png",
        DefaultValueFactory = _ => "secateur-demo.png",
    };

    readonly Option<bool> json = new("--json") { Description = "One JSON object of the comparison: plan, scenes, milliseconds, speed, macs, right, same; with intervals. Nothing is drawn." };
    readonly Option<int?> threads = CommonOptions.Threads();

    /// <summary>The command.</summary>
    public DemoCommand()
        : base(
            "demo",
            "Runs the bundled network on drawn scenes, densely and under Zero-TPrune, and shows side by side: answers, time, multiply-adds, agreement, and which patches survived.",
            "secateur demo",
            "secateur demo --plan zero-tprune-b --scenes 2000")
    {
        CommonOptions.AtLeast(scenes, Shown);
        CommonOptions.AtLeast(rounds, 1);
        foreach (Option option in (Option[])[scenes, rounds, plan, picture, json, threads])
            Add(option);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        VisionTransformer network = Network.Load("scenes-vit", arguments.GetValue(threads));
        TokenPlan pruned = Network.Plan(arguments.GetValue(plan) ?? "zero-tprune", network, terminal);
        var set = new SceneSet(SceneGenerator.FirstHeldOutSeed, arguments.GetValue(scenes) ?? 400, network.Config.Preprocessing with { Size = network.ImageSize });

        IAnsiConsole console = terminal.Tables();
        bool asJson = arguments.GetValue(json);
        if (!asJson)
            Introduce(console, network, pruned, set);

        Agreement agreement;
        using (var progress = new ProgressLine(terminal, "scenes", set.Count))
            agreement = Agreement.Measure(network, TokenPlan.Dense, pruned, set, progress, cancellation);
        int timed = arguments.GetValue(rounds) ?? 100;
        PlanTiming times;
        using (var progress = new ProgressLine(terminal, "timed rounds", timed))
            times = new PlanTimer(network, set, 1, new() { Rounds = timed }).Measure(pruned, new TimedRounds(progress), cancellation);
        cancellation.ThrowIfCancellationRequested();
        if (asJson)
        {
            terminal.Out.WriteLine(ToJson(network, pruned, agreement, times).ToJsonString());
            return ExitCode.Done;
        }

        ShowComparison(console, network, pruned, agreement, times, arguments.GetValue(threads) ?? Environment.ProcessorCount);
        ShowSurvivors(terminal, network, pruned, set, arguments.GetRequiredValue(picture));
        return ExitCode.Done;
    }

    static void Introduce(IAnsiConsole console, VisionTransformer network, TokenPlan pruned, SceneSet set)
    {
        console.MarkupLineInterpolated($"[bold]{network.Config.Architecture}[/]: {network.Depth} blocks of width {network.Width}, {network.PatchTokens} patches, {network.Classes} classes.");
        console.MarkupLineInterpolated($"The same weights, run [bold]{TokenPlan.Dense.Name}[/] (every patch everywhere) and under the plan [bold]{pruned.Name}[/] (patches that do not matter are dropped on the way; nothing was trained for it).");
        console.WriteLine();
        ShowAnswers(console, network, pruned, set);
    }

    static JsonObject ToJson(VisionTransformer network, TokenPlan pruned, Agreement agreement, PlanTiming times)
    {
        return new()
        {
            ["plan"] = pruned.Name,
            ["scenes"] = agreement.Same.Of,
            ["milliseconds"] = new JsonObject { ["dense"] = PlanReport.Json(times.Dense), ["plan"] = PlanReport.Json(times.Plan) },
            ["speed"] = PlanReport.Json(times.Speedup),
            ["macs"] = new JsonObject { ["dense"] = Macs(network, TokenPlan.Dense), ["plan"] = Macs(network, pruned) },
            ["right"] = new JsonObject { ["dense"] = agreement.FirstRight.Part, ["plan"] = agreement.SecondRight.Part },
            ["same"] = new JsonObject { ["part"] = agreement.Same.Part, ["low"] = agreement.Same.Interval.Low, ["high"] = agreement.Same.Interval.High },
        };
    }

    static void ShowSurvivors(Terminal terminal, VisionTransformer network, TokenPlan pruned, SceneSet set, string file)
    {
        List<RgbImage> rows = [];
        var input = new float[set.InputLength];
        for (int i = 0; i < InFile; i++)
        {
            (int label, RgbImage scene) = set.Draw(i);
            set.Draw(i, input);
            SurvivorTrace trace = SurvivorTrace.Of(network, pruned, input);
            RgbImage seen = SurvivorView.Enlarge(scene);
            IReadOnlyList<RgbImage> panels = trace.Panels(seen);
            rows.Add(PictureStrip.Join(panels, SurvivorView.Gap));
            if (i > 0)
                continue;
            terminal.Out.Write($"The first scene ({SceneGenerator.Classes[label]}): ");
            new SurvivorView(terminal, network).Show(trace, panels);
        }

        PngWriter.Save(PictureStrip.Stack(rows, SurvivorView.Gap), file);
        terminal.Out.WriteLine($"Which patches survived in {rows.Count} scenes, stage by stage (grey: dropped): {file}; secateur show draws any picture");
    }

    static void ShowAnswers(IAnsiConsole console, VisionTransformer network, TokenPlan pruned, SceneSet set)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("scene", TokenPlan.Dense.Name, Markup.Escape(pruned.Name));
        var input = new float[set.InputLength];
        for (int i = 0; i < Shown; i++)
        {
            int truth = set.Draw(i, input);
            table.AddRow(SceneGenerator.Classes[truth], Answer(TokenPlan.Dense), Answer(pruned));

            string Answer(TokenPlan plan)
            {
                float[] probabilities = network.Run(input, 1, plan);
                KernelSet.Default.Softmax(probabilities);
                Guess best = Classification.Likeliest(probabilities, 1, network.Config.Labels)[0];
                string text = Markup.Escape($"{best.Name} {best.Probability:0%}");
                return best.Index == truth ? text : $"[red]{text}[/]";
            }
        }

        console.Write(table);
    }

    static void ShowComparison(IAnsiConsole console, VisionTransformer network, TokenPlan pruned, Agreement agreement, PlanTiming times, int threads)
    {
        long dense = Macs(network, TokenPlan.Dense), less = Macs(network, pruned);
        var table = new Table().Border(TableBorder.Rounded).AddColumns("", TokenPlan.Dense.Name, Markup.Escape(pruned.Name), "");
        table.AddRow("time of a picture", Milliseconds(times.Dense), Milliseconds(times.Plan), Speed(times));
        table.AddRow("multiply-adds", Macs(dense), Macs(less), $"{(double)less / dense:0%}");
        table.AddRow("right answers", Percent(agreement.FirstRight), Percent(agreement.SecondRight), $"of {agreement.Same.Of} scenes");
        table.AddRow("same answer", "", Percent(agreement.Same), $"95% sure: {agreement.Same.Interval.Low:0.0%} to {agreement.Same.Interval.High:0.0%}");
        console.Write(table);
        console.MarkupLineInterpolated($"[dim]Times: median of {times.Rounds} rounds in turn (in brackets its 95% interval), a picture at a time, the network alone, {threads} threads, {KernelSet.Default.Name}-bit registers, on this machine as busy as it is. Scenes: drawn from seed {SceneGenerator.FirstHeldOutSeed} on, never trained on.[/]");
        console.WriteLine();
    }

    static string Milliseconds(Percentiles time) => $"{time.P50:0.00} ms";

    static long Macs(VisionTransformer network, TokenPlan plan) => MacCounter.Count(network, plan).Executed;

    static string Macs(long count) => $"{count / 1e6:0} M";

    static string Percent(Proportion part) => part.Part.ToString("0.0%", CultureInfo.InvariantCulture);

    static string Speed(PlanTiming times) => times.Differs
        ? $"{times.Speedup.Value:0.00}x as fast ({times.Speedup.Low:0.00} to {times.Speedup.High:0.00})"
        : $"no difference beyond the noise ({times.Speedup.Low:0.00}x to {times.Speedup.High:0.00}x)";
}
