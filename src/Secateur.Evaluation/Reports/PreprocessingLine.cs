using System.Globalization;
using System.Text.RegularExpressions;
using Secateur.Evaluation.Sweeps;
using Secateur.Models.Vit;

namespace Secateur.Evaluation.Reports;

/// <summary>Reads <see cref="ResultsManifest.Preprocessing"/> again.</summary>
public static partial class PreprocessingLine
{
    /// <summary>Height and width of the network's input, pixels; null where the line says something else.</summary>
    public static (int Height, int Width)? Size(string line) =>
        Facts().Match(line) is { Success: true } found ? (Number(found, "height"), Number(found, "width")) : null;

    /// <summary>Rules for pictures with what the line says; as they were where it says something else. Means and deviations are the checkpoint's.</summary>
    public static ImagePreprocessing Apply(string line, ImagePreprocessing rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return Facts().Match(line) is not { Success: true } found ? rules : rules with
        {
            Size = (Number(found, "height"), Number(found, "width")),
            Interpolation = found.Groups["filter"].Value,
            ShortSide = found.Groups["side"].Success ? Number(found, "side") : null,
            ResizeTo = found.Groups["tall"].Success ? (Number(found, "tall"), Number(found, "wide")) : null,
            CropFraction = Crop(found),
            CropMode = found.Groups["mode"].Value,
            CropRounding = found.Groups["rounding"].Value,
        };
    }

    /// <summary>What tables ask for.</summary>
    internal static (int? Size, double? Crop, string? Filter) Table(string line) =>
        Facts().Match(line) is { Success: true } found ? (Number(found, "height"), Crop(found), found.Groups["filter"].Value) : default;

    static int Number(Match found, string group) => int.Parse(found.Groups[group].Value, CultureInfo.InvariantCulture);

    static double Crop(Match found) => double.Parse(found.Groups["crop"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<height>[0-9]{1,5})x(?<width>[0-9]{1,5}), (?<filter>[a-z]{1,20}), short side (derived|(?<side>[0-9]{1,5})), resized (no|\((?<tall>[0-9]{1,5}), (?<wide>[0-9]{1,5})\)), crop (?<crop>[0-9](\.[0-9]{1,20})?) (?<mode>[a-z]{1,20}) (?<rounding>[a-z-]{1,20}), ", RegexOptions.ExplicitCapture)]
    private static partial Regex Facts();
}
