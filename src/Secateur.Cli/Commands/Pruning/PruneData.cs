using System.CommandLine;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Structured;
using Secateur.Models;
using Secateur.Models.Vit;

namespace Secateur.Cli.Commands.Pruning;

/// <summary>What a network is looked at with while it is pruned, and what it is checked on afterwards, as it is typed.</summary>
internal sealed class PruneData
{
    /// <summary>Noise that a network is timed on where nothing else is named.</summary>
    const int Noise = 8;

    readonly Option<string?> calibrate = new("--calibrate", "-c") { Description = "What the network is looked at with: pictures as secateur eval takes them. Labels are not needed.", HelpName = "PATH|scenes[:COUNT]" };
    readonly Option<string?> check = new("--check") { Description = "Other data, to say what was lost: dense and pruned on the same.", HelpName = "PATH|scenes[:COUNT]" };
    readonly Option<string?> labels = new("--labels") { Description = "A list \"file,class\" of the pictures' classes, or none. Default: labels.csv, or class folders.", HelpName = "FILE|none" };
    readonly Option<string?> classes = new("--classes") { Description = "Names of the network's classes in its order, one a line, for class folders and lists that name others.", HelpName = "FILE" };
    readonly Option<int?> samples = new("--samples") { Description = $"How many of the calibration data to look at, evenly spread. Default: {CalibrationData.Pictures} pictures.", HelpName = "N" };
    readonly PreprocessingOptions preprocessing = new();

    /// <summary>The options.</summary>
    public PruneData() => CommonOptions.AtLeast(samples, 1);

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [calibrate, check, samples, labels, classes, .. preprocessing.All];

    /// <summary>How many examples the scorer looks at.</summary>
    public int Samples(ParseResult arguments, Transformer network) => arguments.GetValue(samples) ?? CalibrationData.Pictures;

    /// <summary>The calibration data; null where none is named.</summary>
    public IExamples? Calibration(ParseResult arguments, Transformer network, Terminal terminal) => Open(arguments, arguments.GetValue(calibrate), network, terminal);

    /// <summary>The data to check with; null where none is named.</summary>
    public IExamples? Check(ParseResult arguments, Transformer network, Terminal terminal) => Open(arguments, arguments.GetValue(check), network, terminal);

    /// <summary>What both networks are run on where nothing is named.</summary>
    public static IExamples Nothing(Transformer network) => new PictureExamples(new NoisePictures((VisionTransformer)network, Noise));

    PictureExamples? Open(ParseResult arguments, string? named, Transformer network, Terminal terminal) =>
        named is null ? null : network switch
        {
            VisionTransformer vision => new PictureExamples(DataOptions.Open(
                named, arguments.GetValue(labels), arguments.GetValue(classes), vision, preprocessing.Apply(arguments, vision.Config.Preprocessing), terminal)),
            _ => throw new UsageException($"{network.Architecture} is no network of pictures."),
        };
}
