using System.CommandLine;
using Secateur.Evaluation.Pictures;
using Secateur.Kernels;
using Secateur.Models.Images;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Cli.Commands;

/// <summary>Shows which patches of pictures survive a plan, stage by stage, beside the answers with and without it.</summary>
internal sealed class ShowCommand : ToolCommand
{
    const int Top = 5;

    readonly Argument<string[]> images = new("IMAGE")
    {
        Description = "JPEG and PNG files; a folder stands for all of them in it and below it; scenes:COUNT or scene:SEED for drawn scenes. Default: scenes:1.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    readonly Option<string> model = CommonOptions.Model();
    readonly Option<string?> plan = CommonOptions.Plan("zero-tprune");
    readonly Option<string?> output = new("--output", "-o")
    {
        Description = "Where to write the pictures: one file for all, one below the other, or a folder (it exists, or ends in /) for a file each. Default: secateur-show.png; with --json nothing is written unless it is named.",
        HelpName = "FILE.png|DIR",
    };

    readonly Option<int?> columns = new("--columns") { Description = "Panels in a line of the picture file. Default: 7.", HelpName = "N" };
    readonly Option<bool> json = new("--json") { Description = "One JSON object a line: file, truth, dense and pruned (top), stages (block, position, method, tokens, kept, groups)." };
    readonly Option<int?> threads = CommonOptions.Threads();
    readonly PreprocessingOptions preprocessing = new();

    /// <summary>The command.</summary>
    public ShowCommand()
        : base(
            "show",
            "Shows which patches of pictures survive each stage of a plan, in the terminal and as a PNG file, with the answers dense and under the plan.",
            "secateur show scenes:4 --plan zero-tprune",
            "secateur show photo.jpg --model timm/deit_tiny_patch16_224.fb_in1k --plan tome-r8 -o photo-tome.png",
            "secateur show photographs/ --model ./deit --plan my-plan.json -o survivors/ --json")
    {
        model.Required = false;
        model.Description += " Default: scenes-vit.";
        CommonOptions.AtLeast(columns, 1);
        Add(images);
        foreach (Option option in (Option[])[model, plan, output, columns, json, threads, .. preprocessing.All])
            Add(option);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        VisionTransformer network = Network.Load(arguments.GetValue(model) ?? "scenes-vit", arguments.GetValue(threads));
        TokenPlan tokens = Network.Plan(arguments.GetValue(plan) ?? "zero-tprune", network, terminal);
        ImagePreprocessing rules = preprocessing.Apply(arguments, network.Config.Preprocessing with { Size = network.ImageSize });
        IReadOnlyList<ShownPicture> pictures = ShownPicture.All(arguments.GetValue(images) is { Length: > 0 } named ? named : ["scenes:1"], rules);
        bool asJson = arguments.GetValue(json);
        SurvivorFiles? files = (arguments.GetValue(output) ?? (asJson ? null : "secateur-show.png")) is { } place
            ? new(place, pictures, arguments.GetValue(columns) ?? 7, tokens.Stages.Length + 1, network.ImageSize)
            : null;

        var view = new SurvivorView(terminal, network);
        var input = new float[network.ImageLength];
        int shown = 0;
        using var progress = new ProgressLine(terminal, "pictures", pictures.Count);
        foreach (ShownPicture picture in pictures)
        {
            cancellation.ThrowIfCancellationRequested();
            RgbImage seen;
            try
            {
                seen = picture.See();
            }
            catch (ImageException e)
            {
                terminal.Say($"skipped: {e.Message}");
                continue;
            }

            Preprocessor.Normalise(seen, rules, input);
            SurvivorTrace dense = SurvivorTrace.Of(network, TokenPlan.Dense, input, cancellation), pruned = SurvivorTrace.Of(network, tokens, input, cancellation);
            IReadOnlyList<RgbImage> panels = files is null && (asJson || !terminal.Colours) ? [] : pruned.Panels(SurvivorView.Enlarge(seen));
            files?.Add(picture, panels);
            progress.Report(++shown);
            progress.Dispose();
            var answers = new ShownAnswers(picture, tokens.Name, Answer(dense, network), Answer(pruned, network), pruned);
            if (asJson)
            {
                answers.WriteJson(terminal.Out);
                continue;
            }

            answers.Write(terminal);
            view.Show(pruned, panels);
        }

        if (!asJson && !terminal.Colours)
            terminal.Say($"{SurvivorText.Kept} a patch that is computed, {SurvivorText.Dropped} dropped, the same letter: merged into one token");
        foreach (string written in files?.Finish() ?? [])
            terminal.Say($"written to {written} (grey: dropped; one outline: merged into one token)");
        return shown == pictures.Count ? ExitCode.Done : ExitCode.BadInput;
    }

    /// <summary>The likeliest classes; none for a network without a classifier.</summary>
    static IReadOnlyList<Guess> Answer(SurvivorTrace trace, VisionTransformer network)
    {
        if (network.OuterMacs.Head == 0)
            return [];
        float[] probabilities = [.. trace.Logits];
        KernelSet.Default.Softmax(probabilities);
        return Classification.Likeliest(probabilities, Top, network.Config.Labels);
    }
}
