using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Secateur.Cli.Commands.Pruning;
using Secateur.Compression.Tokens;
using Secateur.Evaluation;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Transfer;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Cli.Commands.Transferring;

/// <summary>Fits a classifier of new classes on what a network sees, and leaves the network as it is.</summary>
internal sealed class TransferCommand : ToolCommand
{
    /// <summary>Without --test, one of so many pictures is tested with.</summary>
    const int TestOf = 5;

    /// <summary>A strength is chosen on a part of what is learnt from, so that this must not be empty.</summary>
    const int FewestLearnt = 8;

    readonly Argument<string> model = new("MODEL") { Description = "The network, pruned or not: a checkpoint folder, a .safetensors or .onnx file, a hub name that was pulled, or the bundled scenes-vit." };
    readonly Option<string> data = new("--data", "-d") { Description = "Pictures to learn from: a folder or a .tar with a folder for each class, or drawn scenes.", HelpName = "PATH|scenes[:COUNT]", Required = true };
    readonly Option<string?> test = new("--test") { Description = "Pictures to test with, of the same classes. Default: every fifth picture of --data, which is not learned from.", HelpName = "PATH|scenes[:COUNT]" };
    readonly Option<string> kind = new("--head") { Description = "ridge (closed form) or logistic (L-BFGS). Default: logistic.", HelpName = "KIND", DefaultValueFactory = _ => "logistic" };
    readonly Option<int?> limit = new("--limit") { Description = "Take so many pictures of --data, evenly spread. Default: all.", HelpName = "N" };
    readonly Option<string?> plan = CommonOptions.Plan();
    readonly Option<int?> threads = CommonOptions.Threads();
    readonly Option<string> output = new("--output", "-o") { Description = "The folder for the network with its new classifier.", HelpName = "DIR", Required = true };
    readonly Option<bool> json = new("--json") { Description = "Write the answer as one JSON object." };

    /// <summary>The command.</summary>
    public TransferCommand()
        : base(
            "transfer",
            "Gives a network, pruned or not, a classifier of new classes: only that is fitted, on what the network sees of the pictures.",
            "secateur transfer scenes-vit --data flowers/ -o flowers-vit",
            "secateur transfer pruned --data cifar10/train --test cifar10/test --head ridge -o cifar10-vit --json")
    {
        CommonOptions.AtLeast(limit, 1);
        kind.AcceptOnlyFromAmong("ridge", "logistic");
        Add(model);
        foreach (Option option in (Option[])[data, test, kind, limit, plan, threads, output, json])
            Add(option);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string named = arguments.GetRequiredValue(model), folder = arguments.GetRequiredValue(output), from = arguments.GetRequiredValue(data);
        PrunedFiles.RequireOther(Network.Locate(named), folder);
        VisionTransformer network = Network.Load(named, arguments.GetValue(threads)), headless = HeadWeights.Without(network);
        TokenPlan tokens = Network.Plan(arguments.GetValue(plan), network, terminal);
        ImmutableArray<string> names = Names(from);
        if (names.Length < 2)
            throw new BadInputException($"{from}: there is one class alone ({names[0]}); a classifier needs two at least.");

        // 1. What the network sees of every picture, once.
        FeatureSet all = Features(headless, tokens, from, names, arguments.GetValue(limit), terminal, true, cancellation);
        (FeatureSet train, FeatureSet tested) = arguments.GetValue(test) is { } other
            ? (all, Features(headless, tokens, other, names, null, terminal, false, cancellation))
            : all.HoldOut(TestOf);
        if (train.Count < FewestLearnt || tested.Count == 0)
            throw new BadInputException($"{from}: {all.Count} pictures are too few to learn from and to test on; give {2 * FewestLearnt} at least.");
        if (train.Count < train.Width)
            terminal.Say($"there are fewer pictures to learn from ({train.Count}) than numbers in what the network sees of each ({train.Width}), so that every one of them can be told from the others by chance; more pictures would help.");

        // 2. The classifier.
        HeadFit fit = HeadFit.Of(train, names, Enum.Parse<HeadKind>(arguments.GetRequiredValue(kind), ignoreCase: true), cancellation);

        // 3. The network with it.
        HeadWeights.With(network, fit.Head, names).Save(folder, cancellation: cancellation);
        if (!tokens.Stages.IsEmpty)
            TokenPlanFile.Save(tokens with { Origin = null }, Path.Combine(folder, TauPrune.Plan));
        Proportion right = fit.Head.Right(tested), learned = fit.Head.Right(train);
        if (arguments.GetValue(json))
            terminal.Out.WriteLine(Json(names, train, fit, right, learned, folder).ToJsonString());
        else
            terminal.Out.WriteLine($"{right.Part:0.0%} right of {right.Of} pictures that were not learned from (95% interval {right.Interval.Low:0.0%} to {right.Interval.High:0.0%}); {learned.Part:0.0%} of the {learned.Of} that were. {names.Length} classes, {arguments.GetRequiredValue(kind)}, strength {fit.Strength:g2}.");
        terminal.Say($"the network with its new classifier is in {folder}{(tokens.Stages.IsEmpty ? "" : $", and the plan that it was fitted under in {Path.Combine(folder, TauPrune.Plan)}")}");
        return ExitCode.Done;
    }

    static bool AreScenes(string named) => named == DataOptions.Scenes || named.StartsWith(DataOptions.Scenes + ":", StringComparison.Ordinal);

    static ImmutableArray<string> Names(string named) => AreScenes(named) ? [.. SceneGenerator.Classes]
        : Path.Exists(named) ? TransferPictures.Classes(named)
        : throw new BadInputException($"{named}: there is no such file or folder; give a folder or a .tar with a folder for each class.");

    static FeatureSet Features(
        VisionTransformer headless, TokenPlan plan, string named, ImmutableArray<string> names, int? limit, Terminal terminal, bool learns, CancellationToken cancellation)
    {
        PictureSet pictures = Open(named, headless, names, terminal, learns);
        pictures = new(TransferPictures.Spread(pictures.Source, limit ?? pictures.Count), pictures.Preprocessing);
        using var line = new ProgressLine(terminal, "pictures", pictures.Count);
        return FeatureSet.Of(headless, pictures, plan, line, cancellation);
    }

    static PictureSet Open(string named, VisionTransformer network, ImmutableArray<string> names, Terminal terminal, bool learns)
    {
        ImagePreprocessing rules = network.Config.Preprocessing with { Size = network.ImageSize };
        if (!AreScenes(named))
            return Path.Exists(named)
                ? new(PictureSources.Open(named, new ClassMatcher(names.Length, names, given: true), notice: terminal.Say), rules)
                : throw new BadInputException($"{named}: there is no such file or folder; give a folder or a .tar with a folder for each class.");
        if (!names.SequenceEqual(SceneGenerator.Classes))
            throw new BadInputException($"{named}: drawn scenes are of other classes than the pictures to learn from.");
        return DataOptions.Open(named, null, null, HeadWeights.With(network, new([.. names.Select(_ => new float[network.Classes])], new float[names.Length]), names), rules, terminal, learns);
    }

    static JsonObject Json(ImmutableArray<string> names, FeatureSet train, HeadFit fit, Proportion right, Proportion learned, string folder) => new()
    {
        ["accuracy"] = right.Part,
        ["testPictures"] = right.Of,
        ["trainingAccuracy"] = learned.Part,
        ["trainingPictures"] = learned.Of,
        ["features"] = train.Width,
        ["classes"] = new JsonArray([.. names.Select(name => (JsonNode)JsonValue.Create(name))]),
        ["strength"] = fit.Strength,
        ["tried"] = new JsonArray([.. fit.Tried.Select(one => (JsonNode)new JsonObject { ["strength"] = one.Strength, ["accuracy"] = one.Right.Part })]),
        ["folder"] = folder,
    };
}
