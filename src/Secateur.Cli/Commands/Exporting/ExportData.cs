using System.CommandLine;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Structured;
using Secateur.Models.Bert;
using Secateur.Models.Images;
using Secateur.Models.Text;
using Secateur.Models.Vit;
using Secateur.Onnx.Verify;

namespace Secateur.Cli.Commands.Exporting;

/// <summary>What an exported file is checked on, as it is typed: noise always, and what was named.</summary>
internal sealed class ExportData
{
    const int Noise = 8, Usual = 16;

    readonly Option<string?> calibrate = new("--calibrate", "-c") { Description = "What the file is checked on besides noise: pictures, or a table of texts (.tsv), as secateur eval takes them.", HelpName = "PATH|scenes[:COUNT]" };
    readonly Option<int?> samples = new("--samples") { Description = $"How many of them to check on, evenly spread. Default: {Usual}.", HelpName = "N" };
    readonly Option<string> mostBad = DataOptions.MostBadOption("Texts: the most rows of a table that may be unusable.");
    readonly TextColumnOptions columns = new();

    /// <summary>The options.</summary>
    public ExportData() => CommonOptions.AtLeast(samples, 1);

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [calibrate, samples, .. OfTexts];

    /// <summary>Those that mean something for texts alone.</summary>
    public IEnumerable<Option> OfTexts => [mostBad, .. columns.All];

    /// <summary>The first of them that was typed.</summary>
    public string? Named(ParseResult arguments) => All.FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false })?.Name;

    /// <summary>What is looked at besides noise; null for nothing.</summary>
    public string? Name(ParseResult arguments) => arguments.GetValue(calibrate);

    /// <summary>Pictures to check on.</summary>
    /// <exception cref="InvalidDataException">None of those that were named can be read.</exception>
    public IReadOnlyList<(string Name, float[] Input)> Pictures(ParseResult arguments, VisionTransformer network, Terminal terminal)
    {
        if (arguments.GetValue(calibrate) is not { } named)
            return OnnxCheck.Noise(network, Noise);
        PictureSet pictures = DataOptions.Open(named, PictureSources.NoLabels, null, network, network.Config.Preprocessing, terminal);
        List<(string, float[])> read = [];
        foreach (int index in CalibrationData.Spread(pictures.Count, arguments.GetValue(samples) ?? Usual))
        {
            var input = new float[pictures.InputLength];
            try
            {
                pictures.Read(index, input);
                read.Add(($"picture {index} of {named}", input));
            }
            catch (ImageException e)
            {
                terminal.Say($"left out: {e.Message}");
            }
        }

        return read.Count == 0 ? throw new InvalidDataException($"{pictures.Name}: none of the pictures that were looked at can be read.") : [.. read, .. OnnxCheck.Noise(network, Noise)];
    }

    /// <summary>Texts to check on.</summary>
    public IReadOnlyList<(string Name, TextTokens Text)> Texts(ParseResult arguments, string model, TextTransformer network, Terminal terminal)
    {
        if (arguments.GetValue(calibrate) is not { } named)
            return OnnxCheck.Noise(network, Noise);
        TextTable table = DataOptions.OpenTexts(named, TextTableOptions.NoLabels, null, arguments.GetRequiredValue(mostBad), network, columns.Of(arguments), terminal);
        ITokenizer tokenizer = Tokenizer.OpenFor(Network.Locate(model));
        table.RequireFit(tokenizer, network);
        return
        [
            .. CalibrationData.Spread(table.Rows.Length, arguments.GetValue(samples) ?? Usual).Select(i => ($"text {i} of {named}", table.Rows[i].Encode(tokenizer, network.Config.LongestText))),
            .. OnnxCheck.Noise(network, Noise),
        ];
    }
}
