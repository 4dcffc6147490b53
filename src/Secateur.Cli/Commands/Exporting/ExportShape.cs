using System.CommandLine;
using System.Globalization;
using Secateur.Onnx.Export;

namespace Secateur.Cli.Commands.Exporting;

/// <summary>What a graph takes and which operators it has, as it is typed.</summary>
internal sealed class ExportShape
{
    const string Any = "any";
    const int MostPixels = 1 << 14;

    readonly Option<int> opset = new("--opset") { Description = "Version of ONNX's operators, 17 to 21. Default: 17.", HelpName = "N", DefaultValueFactory = _ => 17 };
    readonly Option<string> batch = Size("--batch", "Pictures or texts in a run: a number, which some runtimes want, or any. Default: any.", "-b");
    readonly Option<string> sequence = Size("--sequence", "Texts: tokens of each, padding included: a number or any. Default: any.");
    readonly Option<string?> imageSize = new("--image-size") { Description = "Pictures: height and width, pixels; positions are resampled. Default: the network's.", HelpName = "N|HxW" };
    readonly Option<bool> preprocess = new("--preprocess") { Description = "Pictures: take bytes [batch, height, width, 3] and normalise them in the graph; resizing stays outside." };

    /// <summary>The options.</summary>
    public ExportShape()
    {
        opset.Validators.Add(result =>
        {
            if (result.Tokens is [var word] && int.TryParse(word.Value, out int value) && value is < 17 or > 21)
                result.AddError($"--opset must be from 17 to 21, not {value}.");
        });
        imageSize.Validators.Add(result =>
        {
            if (result.Tokens is [var word] && Sides(word.Value) is null)
                result.AddError($"--image-size must be a number of pixels or two, as in 224 or 224x320, not {word.Value}.");
        });
    }

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [opset, batch, .. OfTexts, .. OfPictures];

    /// <summary>Those that mean something for texts alone.</summary>
    public IEnumerable<Option> OfTexts => [sequence];

    /// <summary>Those that mean something for pictures alone.</summary>
    public IEnumerable<Option> OfPictures => [imageSize, preprocess];

    /// <summary>Height and width; null for the network's own.</summary>
    public (int Height, int Width)? ImageSize(ParseResult arguments) => arguments.GetValue(imageSize) is { } typed ? Sides(typed) : null;

    /// <summary>What was said.</summary>
    public OnnxExportOptions Of(ParseResult arguments) => new()
    {
        Opset = arguments.GetValue(opset),
        Batch = Number(arguments.GetRequiredValue(batch)),
        Sequence = Number(arguments.GetRequiredValue(sequence)),
        Normalise = arguments.GetValue(preprocess),
    };

    static Option<string> Size(string name, string description, params string[] aliases)
    {
        Option<string> option = new(name, aliases) { Description = description, HelpName = $"N|{Any}", DefaultValueFactory = _ => Any };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var word] && word.Value != Any && Number(word.Value) is null)
                result.AddError($"{name} must be a number from 1 on or {Any}, not {word.Value}.");
        });
        return option;
    }

    static int? Number(string typed) => int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= 1 ? value : null;

    static (int Height, int Width)? Sides(string typed) => typed.Split('x') switch
    {
        [var side] when Number(side) is { } pixels and <= MostPixels => (pixels, pixels),
        [var height, var width] when Number(height) is { } rows and <= MostPixels && Number(width) is { } columns and <= MostPixels => (rows, columns),
        _ => null,
    };
}
