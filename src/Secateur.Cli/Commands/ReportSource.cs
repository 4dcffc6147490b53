using System.CommandLine;
using Secateur.Compression;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Reports;
using Secateur.Evaluation.Sweeps;
using Secateur.Models.Checkpoints;
using Secateur.Models.Images;
using Secateur.Models.Vit;

namespace Secateur.Cli.Commands;

/// <summary>Opens the network and the pictures of some results again, to show what plans leave of them. Where they are not to be had, a report
/// goes without.</summary>
internal sealed class ReportSource
{
    readonly Option<string?> model = new("--model", "-m") { Description = "The network, where it lies elsewhere now.", HelpName = "DIR|FILE|NAME" };
    readonly Option<string?> data = new("--data", "-d") { Description = "The pictures, where they lie elsewhere now.", HelpName = "PATH|scenes[:COUNT]" };
    readonly Option<string?> labels = new("--labels") { Description = "The list of their classes, or none. Default: as when they were measured.", HelpName = "FILE|none" };
    readonly Option<string?> classes = new("--classes") { Description = "Names of the network's classes. Default: as when they were measured.", HelpName = "FILE" };

    /// <summary>All options.</summary>
    public IEnumerable<Option> All => [model, data, labels, classes];

    /// <summary>Draws some pictures.</summary>
    /// <returns>What is to be shown, or why nothing is.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public (ReportPictures? Pictures, string? Without) Draw(ParseResult arguments, Report report, int count, Terminal terminal, CancellationToken cancellation)
    {
        try
        {
            (VisionTransformer network, PictureSet pictures) = Open(arguments, report.Manifest, terminal);
            return (ReportPictures.Draw(report, network, pictures, count, cancellation), null);
        }
        catch (Exception e) when (e is UsageException or BadInputException or CheckpointException or ImageException or PlanException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            terminal.Say($"the report goes without pictures: {e.Message} (--model and --data say where they are; --pictures 0 asks for none)");
            return (null, $"Pictures are not shown: the network or the pictures were not at hand when this report was written. Give secateur report --model and --data to show them. ({e.Message})");
        }
    }

    (VisionTransformer, PictureSet) Open(ParseResult arguments, ResultsManifest manifest, Terminal terminal)
    {
        string named = arguments.GetValue(model) ?? manifest.Model;
        VisionTransformer network = Network.Load(named, null, PreprocessingLine.Size(manifest.Preprocessing));
        if (WeightsHash.Of(network) is var weights && weights != manifest.Weights)
            throw new BadInputException($"{named} has the weights {weights[..8]}..., and the results are of {manifest.Weights[..8]}...; name the network that was measured.");
        ImagePreprocessing rules = PreprocessingLine.Apply(manifest.Preprocessing, network.Config.Preprocessing);
        string from = arguments.GetValue(data) ?? manifest.Data;
        PictureSet pictures = DataOptions.Open(from, arguments.GetValue(labels) ?? Said("--labels"), arguments.GetValue(classes) ?? Said("--classes"), network, rules, null);
        if (pictures.Count != manifest.Count || pictures.Hash != manifest.PicturesHash)
            throw new BadInputException($"{from} holds other pictures or labels than those that were measured.");
        return (network, pictures);

        string? Said(string option) => manifest.DataOptions.IndexOf(option) is >= 0 and var at && at + 1 < manifest.DataOptions.Length ? manifest.DataOptions[at + 1] : null;
    }
}
