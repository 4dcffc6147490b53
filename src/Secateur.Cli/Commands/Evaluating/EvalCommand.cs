using System.Collections.Immutable;
using System.CommandLine;
using Secateur.Evaluation.Accuracy;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Sweeps;
using Secateur.Models.Vit;

namespace Secateur.Cli.Commands.Evaluating;

/// <summary>Says how well a network answers on pictures, dense and under plans, or on texts.</summary>
internal sealed class EvalCommand : ToolCommand
{
    const int DefaultBatch = 8, DefaultTop = 5;

    readonly Argument<string> model = new("MODEL") { Description = "The network: a checkpoint folder, a .safetensors or .onnx file, a hub name that was pulled, or the bundled scenes-vit." };
    readonly DataOptions data = new();
    readonly Option<string[]> plans = new("--plan", "-p")
    {
        Description = "Which tokens to compute: the name of a plan (secateur plans lists them) or a plan file (.json). May be given several times. Without it, dense alone.",
        HelpName = "NAME|FILE",
    };

    readonly Option<int?> batch = new("--batch", "-b") { Description = $"Pictures or texts that run at once on a thread. Default: {DefaultBatch}.", HelpName = "N" };
    readonly Option<int?> threads = CommonOptions.Threads();
    readonly Option<string?> output = new("--output", "-o") { Description = "Keep the results there; a run that was stopped goes on, and other plans are added.", HelpName = "DIR" };
    readonly Option<int?> top = new("--top", "-k") { Description = $"How many of the pictures or texts that were lost to show. Default: {DefaultTop}.", HelpName = "N" };
    readonly Option<string?> against = new("--against") { Description = "Texts: another network to compare with on the same rows, such as the one that MODEL was pruned from.", HelpName = "MODEL" };
    readonly TextColumnOptions columns = new();
    readonly Option<bool> perClass = new("--per-class") { Description = "Show accuracy class by class too." };
    readonly Option<bool> json = new("--json") { Description = "Write the answer as one JSON object." };

    /// <summary>The command.</summary>
    public EvalCommand()
        : base(
            "eval",
            "Says how well a network answers on pictures, dense and under plans, or on texts: accuracy with intervals, agreement, what is lost and whether it is more than chance, multiply-adds.",
            "secateur eval scenes-vit --data scenes:1000",
            "secateur eval scenes-vit --data scenes:1000 --plan zero-tprune --plan tome-r8 -o results",
            "secateur eval timm/deit_tiny_patch16_224.fb_in1k --data imagenet/val --resize 256 --plan evit-70 --json",
            "secateur eval pruned-bert --data sst2/dev.tsv --against bert-sst2")
    {
        CommonOptions.AtLeast(batch, 1);
        CommonOptions.AtLeast(top, 0);
        Add(model);
        foreach (Option option in (Option[])[.. data.All, .. columns.All, against, plans, batch, threads, output, top, perClass, json])
            Add(option);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string named = arguments.GetRequiredValue(model);
        if (Network.ReadsTexts(named))
        {
            CommonOptions.Refuse(arguments, named, "reads texts", data.All.Skip(DataOptions.Shared).Concat([plans, output]));
            return Texts(named, arguments, terminal, cancellation);
        }

        CommonOptions.Refuse(arguments, named, "looks at pictures", [.. columns.All, against]);
        VisionTransformer network = Network.Load(named, arguments.GetValue(threads));
        int together = arguments.GetValue(batch) ?? DefaultBatch;
        Network.RequireBatch(network, together);
        PictureSet pictures = data.Open(arguments, network, terminal);
        SweepCell[] cells = [.. EvalCells.Of((arguments.GetValue(plans) ?? []).Select(plan => Network.Plan(plan, network, terminal)))];
        using var place = new ResultsPlace(arguments.GetValue(output));
        ResultsManifest manifest = ResultsStart.Begin(ResultsManifest.Of(network, pictures, together, named, data.Named(arguments)) with { Cells = [.. cells], DataOptions = data.Words(arguments) }, pictures.Source, place.Folder, terminal.Say, cancellation);
        var run = new CellRun(network, pictures, manifest, place.Folder, Shard.Whole)
        {
            MostBad = data.MostBad(arguments, pictures.Count),
            OnBad = bad => terminal.Say($"left out: {bad.Why}"),
        };
        using var progress = new EvalProgress(new(terminal, "pictures", 0), cells.Length, pictures.Count);
        bool stopped = false;
        try
        {
            foreach (SweepCell cell in cells)
                run.Run(cell, progress.Begin(), cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            stopped = true;
        }

        progress.Dispose();
        if (progress.Rate is { } rate)
            terminal.Say($"{progress.Count} pictures, {rate:0.0} a second");
        if (stopped && place.IsKept)
        {
            terminal.Say($"stopped; what was measured is in {place.Folder.Path}, and this goes on from there: {CommandLineText.Of(arguments)}");
            return ExitCode.Cancelled;
        }

        if (Answer(run, cells, manifest, pictures) is { } answer)
        {
            answer = answer with { ImagesPerSecond = progress.Rate, Partial = stopped, Top = arguments.GetValue(top) ?? DefaultTop, PerClass = arguments.GetValue(perClass) };
            if (arguments.GetValue(json))
                terminal.Out.WriteLine(EvalJson.Of(answer));
            else
                new EvalReport(terminal, answer).Write();
        }

        if (stopped)
            terminal.Say("stopped, and nothing is kept; with --output DIR the same command can go on where it was");
        return stopped ? ExitCode.Cancelled : ExitCode.Done;
    }

    int Texts(string named, ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        using var run = new EvalTexts(named, arguments.GetValue(against), arguments.GetValue(threads), terminal);
        TextTable table = data.OpenTexts(arguments, run.Network, columns.Of(arguments), terminal);
        TextEvaluation answer = run.Run(table, arguments.GetValue(batch) ?? DefaultBatch, cancellation) with
        {
            Data = data.Named(arguments),
            Top = arguments.GetValue(top) ?? DefaultTop,
            PerClass = arguments.GetValue(perClass),
        };
        if (arguments.GetValue(json))
            terminal.Out.WriteLine(EvalTextsJson.Of(answer));
        else
            new EvalTextsReport(terminal, answer).Write();
        return ExitCode.Done;
    }

    /// <summary>What the cells say, as far as they are; null where not even the dense network has an answer.</summary>
    static Evaluation? Answer(CellRun run, SweepCell[] cells, ResultsManifest manifest, PictureSet pictures)
    {
        ImmutableArray<PictureEntry> entries = [.. Enumerable.Range(0, pictures.Count).Select(i => pictures.Source[i])];
        CellResult dense = run.SoFar(cells[0]);
        EvaluatedCell[] all = [.. cells.Select(cell => (Cell: cell, Result: run.SoFar(cell))).Where(one => one.Result.Answers.Any(answer => !answer.IsBad)).Select(one => new EvaluatedCell(
            one.Cell, AccuracySummary.Of(one.Result, dense, entries) with { Bad = one.Result.Bad.Length }))];
        return all.Length > 0 ? new(manifest, all[0], all[1..]) : null;
    }
}
