using System.CommandLine;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Sweeps;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Cli.Commands;

/// <summary>Says how well a network answers on pictures, dense and under a plan.</summary>
internal sealed class EvalCommand : ToolCommand
{
    readonly Argument<string> model = new("MODEL") { Description = "The network: a checkpoint folder, a .safetensors file, a hub name that was pulled, or the bundled scenes-vit." };
    readonly DataOptions data = new();
    readonly Option<string?> plan = CommonOptions.Plan();
    readonly Option<int?> batch = new("--batch", "-b") { Description = "Pictures that run at once on a thread. Default: 8.", HelpName = "N" };
    readonly Option<int?> threads = CommonOptions.Threads();
    readonly Option<string?> output = new("--output", "-o") { Description = "Keep the results there; a run that was stopped goes on.", HelpName = "DIR" };
    readonly Option<bool> json = new("--json") { Description = "Write the answer as one JSON object." };

    /// <summary>The command.</summary>
    public EvalCommand()
        : base("eval", "Says how well a network answers on pictures, dense and under a plan.", "secateur eval scenes-vit --data scenes:1000 --plan zero-tprune")
    {
        CommonOptions.AtLeast(batch, 1);
        Add(model);
        foreach (Option option in (Option[])[.. data.All, plan, batch, threads, output, json])
            Add(option);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string named = arguments.GetRequiredValue(model);
        VisionTransformer network = Network.Load(named, arguments.GetValue(threads));
        PictureSet pictures = data.Open(arguments, network, terminal);
        TokenPlan tokens = Network.Plan(arguments.GetValue(plan), network, terminal);
        SweepCell[] cells = [SweepCell.Dense, .. tokens.Stages.IsEmpty ? Array.Empty<SweepCell>() : [new("plan", tokens)]];
        var folder = new ResultsFolder(arguments.GetValue(output) ?? Directory.CreateTempSubdirectory("secateur-").FullName);
        ResultsManifest manifest = ResultsManifest.Of(network, pictures, arguments.GetValue(batch) ?? 8, named, data.Named(arguments)) with { Cells = [.. cells] };
        ResultsManifestFile.Save(manifest, folder);
        PictureListFile.Save(pictures.Source, folder.Pictures);
        var run = new CellRun(network, pictures, manifest, folder, Shard.Whole) { MostBad = data.MostBad(arguments, pictures.Count) };
        foreach (SweepCell cell in cells)
        {
            using var line = new ProgressLine(terminal, "pictures", pictures.Count);
            CellResult result = run.Run(cell, line, cancellation);
            int right = result.Answers.Where((answer, i) => !answer.IsBad && answer.Top[0] == pictures.Source[i].Label).Count();
            terminal.Out.WriteLine($"{cell.Name}: {right} of {pictures.Count} right");
        }

        return ExitCode.Done;
    }
}
