using System.CommandLine;
using Secateur.Models.Vit;

namespace Secateur.Cli.Commands;

/// <summary>What may be said against a checkpoint's own rules for pictures.</summary>
internal sealed class PreprocessingOptions
{
    readonly Option<int?> resize = new("--resize") { Description = "Short side after the resize, pixels, before the crop.", HelpName = "N" };
    readonly Option<double?> fraction = new("--crop-pct") { Description = "Part of the resized picture that the crop keeps, in (0, 1].", HelpName = "P" };
    readonly Option<string?> mode = new("--crop-mode") { Description = "center, squash or border.", HelpName = "MODE" };
    readonly Option<string?> filter = new("--interpolation") { Description = "bicubic, bilinear, lanczos, box, hamming or nearest.", HelpName = "FILTER" };

    /// <summary>The options.</summary>
    public PreprocessingOptions()
    {
        CommonOptions.AtLeast(resize, 1);
        mode.AcceptOnlyFromAmong("center", "squash", "border");
        filter.AcceptOnlyFromAmong("bicubic", "bilinear", "lanczos", "box", "hamming", "nearest");
        fraction.Validators.Add(result =>
        {
            if (result.Tokens is [var word] && double.TryParse(word.Value, out double value) && value is not (> 0 and <= 1))
                result.AddError($"--crop-pct must be above 0 and at most 1, not {value}.");
        });
    }

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [resize, fraction, mode, filter];

    /// <summary>The rules that hold: those of the checkpoint, but for what was typed.</summary>
    public ImagePreprocessing Apply(ParseResult arguments, ImagePreprocessing rules)
    {
        if (arguments.GetValue(fraction) is { } part)
            rules = rules with { CropFraction = part, ShortSide = null, ResizeTo = null };
        if (arguments.GetValue(resize) is { } side)
            rules = rules with { ShortSide = side, ResizeTo = null };
        return rules with
        {
            CropMode = arguments.GetValue(mode) ?? rules.CropMode,
            Interpolation = arguments.GetValue(filter) ?? rules.Interpolation,
        };
    }
}
