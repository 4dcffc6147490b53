using System.Globalization;
using Secateur.Kernels;
using Secateur.Models.Vit;

namespace Secateur.Models.Checkpoints.Layouts;

/// <summary>timm's config.json: the architecture's name, what differs from it (<c>model_args</c>), and how pictures come in (<c>pretrained_cfg</c>);
/// and our own additions to it (<c>secateur</c>).</summary>
/// <remarks>What a name stands for: timm/models/vision_transformer.py, the functions of these names.</remarks>
internal static class TimmConfig
{
    public static VitConfig Read(ConfigFile? config, string hint, VitShapes shapes)
    {
        ConfigFile? ours = config?.Object("secateur"), arguments = config?.Object("model_args"), pretrained = config?.Object("pretrained_cfg") ?? config;
        string architecture = config?.Text("architecture") ?? hint;
        if (architecture.Contains("_rpn_", StringComparison.Ordinal))
            throw new CheckpointException($"The architecture '{architecture}' normalises after its blocks' layers instead of before; it cannot run here.");
        if (arguments?.Flag("pool_include_prefix") == true)
            throw arguments.Wrong("pool_include_prefix", "true", "false, the only pooling that is known here");
        bool clip = shapes.HasNormBeforeBlocks || architecture.Contains("_clip_", StringComparison.Ordinal);
        return new()
        {
            Architecture = ours?.Text("architecture") ?? architecture,
            ImageSize = shapes.ImageSize(arguments?.Sides("img_size") ?? pretrained?.Sides("input_size")),
            HeadDim = ours?.Whole("head_dim", 1, 1 << 16) ?? shapes.HeadDim(arguments?.Whole("num_heads", 1, 1 << 16) ?? Heads(architecture), arguments),
            Epsilon = (float?)ours?.Number("epsilon", 0, 1) ?? Epsilon(arguments) ?? (clip ? 1e-5f : 1e-6f),
            Activation = Activation(arguments, architecture, clip),
            SwiGlu = IsSwiGlu(arguments, shapes),
            Pooling = Pooling(arguments?.Text("global_pool") is null ? config : arguments, shapes),
            AntialiasedPositions = ours?.Flag("antialiased_positions") ?? true,
            Labels = [.. Labels(config, shapes.Classes) is { Length: > 0 } labels ? labels : Labels(pretrained, shapes.Classes)],
        };
    }

    /// <summary>timm's rules: what is not said is bicubic, 87.5%, and ImageNet's mean and deviation.</summary>
    public static ImagePreprocessing ReadPreprocessing(ConfigFile? config, (int Height, int Width) size)
    {
        var usual = new ImagePreprocessing();
        if ((config?.Object("pretrained_cfg") ?? config) is not { } pretrained)
            return usual with { Size = size };
        ConfigFile? ours = config?.Object("secateur");
        string interpolation = pretrained.Text("interpolation") ?? usual.Interpolation;
        string mode = ours?.Text("crop_mode") ?? pretrained.Text("crop_mode") ?? usual.CropMode;
        if (interpolation is not ("bicubic" or "bilinear" or "lanczos" or "box" or "hamming" or "nearest"))
            throw pretrained.Wrong("interpolation", $"\"{interpolation}\"", "bicubic, bilinear, lanczos, box, hamming or nearest");
        if (mode is not ("center" or "squash" or "border"))
            throw pretrained.Wrong("crop_mode", $"\"{mode}\"", "center, squash or border");
        string rounding = ours?.Text("crop_rounding") ?? usual.CropRounding;
        if (rounding is not ("half-even" or "down"))
            throw ours!.Wrong("crop_rounding", $"\"{rounding}\"", "half-even or down");
        return usual with
        {
            Size = pretrained.Sides("input_size") ?? size,
            CropFraction = ours?.Number("crop_fraction", 0.05, 4) ?? pretrained.Number("crop_pct", 0.05, 4) ?? usual.CropFraction,
            CropMode = mode,
            Interpolation = interpolation,
            CropRounding = rounding,
            ShortSide = ours?.Whole("short_side", 1, 1 << 14),
            ResizeTo = ours?.Sides("resize_to"),
            Mean = pretrained.Colours("mean", -1e6) ?? usual.Mean,
            Deviation = pretrained.Colours("std", 1e-6) ?? usual.Deviation,
        };
    }

    static string[] Labels(ConfigFile? config, int classes) => config is null ? [] : config.Names(config.Has("label_names") ? "label_names" : "labels", classes);

    /// <summary>The networks whose heads are not what their width suggests.</summary>
    static int? Heads(string architecture) =>
        architecture is "test_vit" or "test_vit2" || architecture.StartsWith("test_vit.", StringComparison.Ordinal) || architecture.StartsWith("test_vit2.", StringComparison.Ordinal) ? 2
        : architecture.StartsWith("test_vit3", StringComparison.Ordinal) ? 3
        : architecture.StartsWith("vit_giantopt_", StringComparison.Ordinal) ? 16
        : null;

    static float? Epsilon(ConfigFile? arguments)
    {
        // "functools.partial(<class '...LayerNorm'>, eps=1e-05)"; torch's class without an eps has 1e-5, timm's 1e-6.
        if (arguments?.Text("norm_layer") is not { } layer)
            return null;
        if (!layer.Contains("layernorm", StringComparison.OrdinalIgnoreCase))
            throw arguments.Wrong("norm_layer", $"\"{layer}\"", "a LayerNorm, the only norm that is known here");
        int at = layer.IndexOf("eps=", StringComparison.Ordinal);
        if (at < 0)
            return layer.Contains("torch.nn", StringComparison.Ordinal) ? 1e-5f : 1e-6f;
        string number = layer[(at + 4)..].Split(')', ',', ' ')[0];
        return float.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out float epsilon) && epsilon is >= 0 and <= 1
            ? epsilon
            : throw arguments.Wrong("norm_layer", $"\"{layer}\"", "an eps from 0 to 1");
    }

    static Activation Activation(ConfigFile? arguments, string architecture, bool clip)
    {
        if (arguments?.Text("act_layer") is { } layer)
        {
            string name = new([.. layer.ToLowerInvariant().Where(char.IsLetter)]);
            return name.Contains("quickgelu", StringComparison.Ordinal) ? Secateur.Kernels.Activation.GeluQuick
                : name.Contains("gelutanh", StringComparison.Ordinal) ? Secateur.Kernels.Activation.GeluTanh
                : name.Contains("gelu", StringComparison.Ordinal) ? Secateur.Kernels.Activation.Gelu
                : name.Contains("silu", StringComparison.Ordinal) || name.Contains("swish", StringComparison.Ordinal) ? Secateur.Kernels.Activation.Silu
                : throw arguments.Wrong("act_layer", $"\"{layer}\"", "GELU, GELUTanh, QuickGELU or SiLU");
        }

        if (architecture.Contains("quickgelu", StringComparison.Ordinal))
            return Secateur.Kernels.Activation.GeluQuick;
        if (clip && !architecture.Contains("_clip_", StringComparison.Ordinal))
            throw new CheckpointException($"The weight 'norm_pre.weight' says that this is an image tower of CLIP, but nothing says whether its GELU is exact or quick. Put a config.json beside the weights: {{\"architecture\": \"vit_base_patch16_clip_224\"}} or {{\"architecture\": \"vit_base_patch16_clip_quickgelu_224\"}} (found '{architecture}').");
        return architecture.Contains("siglip", StringComparison.Ordinal) && HasTanh(architecture) ? Secateur.Kernels.Activation.GeluTanh : Secateur.Kernels.Activation.Gelu;
    }

    static bool HasTanh(string siglip) =>
        new[] { "_patch32_", "_so400m_patch16_", "_giantopt_", "_large_patch16_siglip_512", "_large_patch16_siglip_gap_512" }.Any(part => siglip.Contains(part, StringComparison.Ordinal));

    static bool IsSwiGlu(ConfigFile? arguments, VitShapes shapes)
    {
        if (shapes.IsGated && arguments?.Text("mlp_layer") is { } layer && layer.Contains("GluMlp", StringComparison.Ordinal)
            && !(layer.Contains("gate_last=False", StringComparison.Ordinal) && layer.Contains("SiLU", StringComparison.Ordinal)))
            throw arguments.Wrong("mlp_layer", $"\"{layer}\"", "a GluMlp with SiLU and gate_last=False, or SwiGLU");
        return shapes.IsGated;
    }

    static VitPooling Pooling(ConfigFile? config, VitShapes shapes) => config?.Text("global_pool") switch
    {
        "token" => VitPooling.ClassToken,
        "avg" => VitPooling.Average,
        // Our own: no pooling of timm's is like that of DINOv2's classifier.
        "token_avg" => VitPooling.ClassTokenAndAverage,
        null => shapes.HasNormAfterPooling || !shapes.HasClassToken ? VitPooling.Average : VitPooling.ClassToken,
        var other => throw config!.Wrong("global_pool", $"\"{other}\"", "token or avg"),
    };
}
