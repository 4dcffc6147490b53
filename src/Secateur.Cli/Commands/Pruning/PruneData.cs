using System.CommandLine;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Structured;
using Secateur.Models;
using Secateur.Models.Bert;
using Secateur.Models.Vit;

namespace Secateur.Cli.Commands.Pruning;

/// <summary>What a network is looked at with while it is pruned, and what it is checked on afterwards, as it is typed.</summary>
internal sealed class PruneData
{
    /// <summary>Noise that a network is timed on where nothing else is named.</summary>
    const int Noise = 8;

    readonly Option<string?> calibrate = new("--calibrate", "-c") { Description = "What the network is looked at with: pictures, or a table of texts (.tsv), as secateur eval takes them. Labels are not needed.", HelpName = "PATH|scenes[:COUNT]" };
    readonly Option<string?> check = new("--check") { Description = "Other data, to say what was lost: dense and pruned on the same.", HelpName = "PATH|scenes[:COUNT]" };
    readonly Option<string?> labels = new("--labels") { Description = "A list \"file,class\" of the pictures' classes, or none. Default: labels.csv, or class folders.", HelpName = "FILE|none" };
    readonly Option<string?> classes = new("--classes") { Description = "Names of the network's classes in its order, one a line, for class folders and lists that name others.", HelpName = "FILE" };
    readonly Option<int?> samples = new("--samples") { Description = $"How many of the calibration data to look at, evenly spread. Default: {CalibrationData.Pictures} pictures, {CalibrationData.Texts} texts.", HelpName = "N" };
    readonly Option<string> mostBad = DataOptions.MostBadOption("Texts: the most rows of a table that may be unusable.");
    readonly TextColumnOptions columns = new();
    readonly PreprocessingOptions preprocessing = new();

    /// <summary>The options.</summary>
    public PruneData() => CommonOptions.AtLeast(samples, 1);

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [calibrate, check, samples, labels, classes, mostBad, .. columns.All, .. preprocessing.All];

    /// <summary>How many examples the scorer looks at.</summary>
    public int Samples(ParseResult arguments, Transformer network) =>
        arguments.GetValue(samples) ?? (network is TextTransformer ? CalibrationData.Texts : CalibrationData.Pictures);

    /// <summary>Refuses what means nothing for a network of this kind.</summary>
    /// <exception cref="UsageException">It was typed.</exception>
    public void RequireSense(ParseResult arguments, string model, Transformer network)
    {
        if (network is TextTransformer)
            CommonOptions.Refuse(arguments, model, "reads texts", preprocessing.All);
        else
            CommonOptions.Refuse(arguments, model, "looks at pictures", [mostBad, .. columns.All]);
    }

    /// <summary>The calibration data; null where none is named.</summary>
    public IExamples? Calibration(ParseResult arguments, string model, Transformer network, Terminal terminal) => Open(arguments, arguments.GetValue(calibrate), model, network, terminal, learns: true);

    /// <summary>The data to check with; null where none is named.</summary>
    public IExamples? Check(ParseResult arguments, string model, Transformer network, Terminal terminal) => Open(arguments, arguments.GetValue(check), model, network, terminal, learns: false);

    /// <summary>What both networks are run on where nothing is named.</summary>
    public static IExamples Nothing(Transformer network) => network is TextTransformer texts
        ? TextExamples.Noise(texts, Noise)
        : new PictureExamples(new NoisePictures((VisionTransformer)network, Noise));

    IExamples? Open(ParseResult arguments, string? named, string model, Transformer network, Terminal terminal, bool learns) => (named, network) switch
    {
        (null, _) => null,
        (_, VisionTransformer vision) => new PictureExamples(DataOptions.Open(
            named, arguments.GetValue(labels), arguments.GetValue(classes), vision, preprocessing.Apply(arguments, vision.Config.Preprocessing), terminal, learns)),
        (_, TextTransformer texts) => Texts(arguments, named, model, texts, terminal),
        _ => throw new UsageException($"{network.Architecture} reads neither pictures nor texts that are known here."),
    };

    TextExamples Texts(ParseResult arguments, string named, string model, TextTransformer network, Terminal terminal)
    {
        // Labels are looked at where they are classes of texts, and nowhere else.
        string? without = network.Config.Task == TextTask.Classification ? arguments.GetValue(labels) : arguments.GetValue(labels) ?? TextTableOptions.NoLabels;
        TextTable table = DataOptions.OpenTexts(named, without, arguments.GetValue(classes), arguments.GetRequiredValue(mostBad), network, columns.Of(arguments), terminal);
        return TextExamples.Of(table, Network.TokenizerOf(model), network);
    }
}
