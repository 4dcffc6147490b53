using Secateur.Models.Vit;

namespace Secateur.Models.Checkpoints.Layouts;

/// <summary>The preprocessor_config.json of Hugging Face's image processors.</summary>
internal static class HuggingFacePreprocessing
{
    static readonly string[] Filters = ["nearest", "lanczos", "bilinear", "bicubic", "box", "hamming"];

    /// <summary>Reads how a picture becomes input.</summary>
    /// <param name="processor">preprocessor_config.json, or null.</param>
    /// <param name="size">Height and width that the position embeddings are for.</param>
    /// <param name="family">What the family's networks were published with; used where there is no file.</param>
    public static ImagePreprocessing Read(ConfigFile? processor, (int Height, int Width) size, ImagePreprocessing family)
    {
        if (processor is null)
            return family;
        bool square = !IsClip(processor);
        (int? shortSide, (int Height, int Width)? sides) = processor.Flag("do_resize") == false ? (null, null) : Size(processor, "size", square);
        bool crops = processor.Flag("do_center_crop") ?? processor.Has("crop_size");
        (int Height, int Width) crop = (crops ? Size(processor, "crop_size", square: true).Sides : null) ?? (crops ? null : sides) ?? size;
        var result = new ImagePreprocessing
        {
            Size = crop,
            Interpolation = Filter(processor) ?? family.Interpolation,
            CropFraction = 1,
            CropRounding = "down",
            ShortSide = shortSide,
            ResizeTo = sides,
        };
        return Normalise(processor, result, family);
    }

    /// <summary>Mean and deviation for values that were divided by 255, whatever this processor scales by.</summary>
    static ImagePreprocessing Normalise(ConfigFile processor, ImagePreprocessing result, ImagePreprocessing family)
    {
        bool normalises = processor.Flag("do_normalize") ?? true;
        (float Red, float Green, float Blue) mean = normalises ? processor.Colours("image_mean", -1e6) ?? family.Mean : (0, 0, 0);
        (float Red, float Green, float Blue) deviation = normalises ? processor.Colours("image_std", 1e-6) ?? family.Deviation : (1, 1, 1);
        double scale = 255 * (processor.Flag("do_rescale") == false ? 1 : processor.Number("rescale_factor", 1e-9, 1e3) ?? (1.0 / 255));
        float by = Math.Abs(scale - 1) < 1e-6 ? 1 : (float)scale;
        return result with
        {
            Mean = (mean.Red / by, mean.Green / by, mean.Blue / by),
            Deviation = (deviation.Red / by, deviation.Green / by, deviation.Blue / by),
        };
    }

    /// <summary>Only CLIP's processor takes a single number for the short side; the others take it for both.</summary>
    static bool IsClip(ConfigFile processor) =>
        (processor.Text("image_processor_type") ?? processor.Text("feature_extractor_type") ?? "").StartsWith("CLIP", StringComparison.Ordinal);

    static (int? ShortSide, (int Height, int Width)? Sides) Size(ConfigFile processor, string key, bool square)
    {
        const int Maximum = 1 << 14;
        if (!processor.Has(key))
            return (null, null);
        if (processor.IsObject(key))
        {
            ConfigFile size = processor.Object(key)!;
            if (size.Whole("shortest_edge", 1, Maximum) is { } edge)
                return (edge, null);
            return size.Whole("height", 1, Maximum) is { } height && size.Whole("width", 1, Maximum) is { } width
                ? (null, (height, width))
                : throw processor.Wrong(key, "without them", "height and width, or shortest_edge");
        }

        (int Height, int Width) sides = processor.Sides(key)!.Value;
        return square ? (null, sides) : (sides.Height, null);
    }

    static string? Filter(ConfigFile processor) => processor.Whole("resample", 0, Filters.Length - 1) is { } number ? Filters[number] : null;
}
