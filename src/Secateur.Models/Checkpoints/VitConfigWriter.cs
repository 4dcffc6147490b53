using System.Text.Json;
using Secateur.Kernels;
using Secateur.Models.Vit;

namespace Secateur.Models.Checkpoints;

/// <summary>Writes a config.json that timm builds the same network from, where timm has such networks, and that says under "secateur" what timm's keys cannot.</summary>
internal sealed class VitConfigWriter
{
    readonly VitConfig config;
    readonly IReadOnlyDictionary<string, TensorInfo> tensors;
    readonly Utf8JsonWriter json;
    readonly int width;
    readonly int patch;
    readonly int classes;
    readonly int registers;
    readonly int depth;
    readonly bool covered;

    VitConfigWriter(VitConfig config, IReadOnlyDictionary<string, TensorInfo> tensors, Utf8JsonWriter json)
    {
        (this.config, this.tensors, this.json) = (config, tensors, json);
        (width, patch) = (tensors["patch_embed.proj.weight"].Shape[0], tensors["patch_embed.proj.weight"].Shape[2]);
        classes = tensors.TryGetValue("head.weight", out TensorInfo? head) ? head.Shape[0] : 0;
        registers = tensors.TryGetValue("reg_token", out TensorInfo? token) ? token.Shape[1] : 0;
        while (Has($"blocks.{depth}.norm1.weight"))
            depth++;
        covered = Positions > Patches;
    }

    int Patches => config.ImageSize.Height / patch * (config.ImageSize.Width / patch);

    int Positions => tensors["pos_embed"].Shape[1];

    int Prefix => (Has("cls_token") ? 1 : 0) + (Has("dist_token") ? 1 : 0) + registers;

    int FirstMlpRows => tensors["blocks.0.mlp.fc1.weight"].Shape[0];

    /// <summary>Writes the configuration of weights that were checked.</summary>
    public static void Write(Stream stream, VitConfig config, IReadOnlyDictionary<string, TensorInfo> tensors)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        new VitConfigWriter(config, tensors, json).Write();
    }

    bool Has(string name) => tensors.ContainsKey(name);

    void Write()
    {
        json.WriteStartObject();
        json.WriteString("architecture", IsTimm() ? Base() : "secateur_vision_transformer");
        json.WriteNumber("num_classes", classes);
        json.WriteNumber("num_features", width);
        json.WriteString("global_pool", Pool());
        if (!config.Labels.IsDefaultOrEmpty)
            WriteList("label_names", config.Labels, json.WriteStringValue);
        WriteArguments();
        WritePictures();
        WriteOurs();
        json.WriteEndObject();
    }

    string Pool() => config.Pooling switch
    {
        VitPooling.ClassToken => "token",
        VitPooling.Average => "avg",
        _ => "token_avg",
    };

    /// <summary>The function of timm that is nearest; the arguments say all else.</summary>
    string Base() => Has("dist_token") ? "deit_base_distilled_patch16_224"
        : config.SwiGlu ? "vit_giant_patch14_dinov2"
        : config.Epsilon > 5e-6f ? "vit_base_patch16_clip_224"
        : "vit_base_patch16_224";

    /// <summary>Whether timm can build it: heads and neurons are the same in every block, and no weight is there or missing against its rules.</summary>
    bool IsTimm()
    {
        bool scaled = Has("blocks.0.ls1.gamma"), biased = Has("blocks.0.attn.qkv.bias");
        for (int i = 0; i < depth; i++)
        {
            string block = $"blocks.{i}";
            if (tensors[$"{block}.attn.proj.weight"].Shape[1] != width || tensors[$"{block}.mlp.fc1.weight"].Shape[0] != FirstMlpRows
                || Has($"{block}.ls1.gamma") != scaled || Has($"{block}.ls2.gamma") != scaled || Has($"{block}.attn.qkv.bias") != biased
                || !Has($"{block}.attn.proj.bias") || !Has($"{block}.mlp.fc1.bias") || !Has($"{block}.mlp.fc2.bias"))
                return false;
        }

        return config.Pooling != VitPooling.ClassTokenAndAverage && (!covered || Positions == Patches + Prefix) && Has("patch_embed.proj.bias") != Has("norm_pre.weight")
            && !(Has("norm.weight") && Has("fc_norm.weight")) && (classes == 0 || Has("head.bias")) && (!Has("dist_token") || Has("head_dist.bias") == classes > 0);
    }

    void WriteArguments()
    {
        json.WriteStartObject("model_args");
        WriteSides("img_size", config.ImageSize);
        json.WriteNumber("patch_size", patch);
        json.WriteNumber("embed_dim", width);
        json.WriteNumber("depth", depth);
        if (width % config.HeadDim == 0)
            json.WriteNumber("num_heads", width / config.HeadDim);
        json.WriteNumber("num_classes", classes);
        // timm takes the integer part of width * ratio.
        double ratio = (double)FirstMlpRows / width;
        json.WriteNumber("mlp_ratio", (int)(width * ratio) == FirstMlpRows ? ratio : (FirstMlpRows + 0.5) / width);
        json.WriteString("global_pool", Pool());
        json.WriteString("act_layer", config.SwiGlu ? "silu" : config.Activation switch
        {
            Activation.GeluTanh => "gelu_tanh",
            Activation.GeluQuick => "quick_gelu",
            Activation.Silu => "silu",
            _ => "gelu",
        });
        if (tensors["patch_embed.proj.weight"].Shape[1] is not 3 and var channels)
            json.WriteNumber("in_chans", channels);
        if (!Has("blocks.0.attn.qkv.bias"))
            json.WriteBoolean("qkv_bias", false);
        if (Has("blocks.0.ls1.gamma"))
            json.WriteNumber("init_values", 1e-5);
        else if (config.SwiGlu)
            json.WriteNull("init_values");
        if (!Has("cls_token"))
            json.WriteBoolean("class_token", false);
        if (registers > 0)
            json.WriteNumber("reg_tokens", registers);
        if (!covered && Prefix > 0)
            json.WriteBoolean("no_embed_class", true);
        if (Has("norm_pre.weight") || Base().Contains("_clip_", StringComparison.Ordinal))
            json.WriteBoolean("pre_norm", Has("norm_pre.weight"));
        if (!Has("norm.weight") && !Has("fc_norm.weight"))
            json.WriteBoolean("final_norm", false);
        else if (Has("fc_norm.weight") != (config.Pooling == VitPooling.Average))
            json.WriteBoolean("fc_norm", Has("fc_norm.weight"));
        json.WriteEndObject();
    }

    void WritePictures()
    {
        ImagePreprocessing pictures = config.Preprocessing;
        json.WriteStartObject("pretrained_cfg");
        json.WriteStartArray("input_size");
        json.WriteNumberValue(tensors["patch_embed.proj.weight"].Shape[1]);
        json.WriteNumberValue(pictures.Size.Height);
        json.WriteNumberValue(pictures.Size.Width);
        json.WriteEndArray();
        json.WriteString("interpolation", pictures.Interpolation);
        json.WriteNumber("crop_pct", (pictures.ShortSide ?? pictures.ResizeTo?.Height) is { } side ? Math.Min(1, (double)pictures.Size.Height / side) : pictures.CropFraction);
        json.WriteString("crop_mode", pictures.ResizeTo is null ? pictures.CropMode : "squash");
        WriteList("mean", [pictures.Mean.Red, pictures.Mean.Green, pictures.Mean.Blue], json.WriteNumberValue);
        WriteList("std", [pictures.Deviation.Red, pictures.Deviation.Green, pictures.Deviation.Blue], json.WriteNumberValue);
        json.WriteNumber("num_classes", classes);
        json.WriteString("first_conv", "patch_embed.proj");
        if (Has("head_dist.weight"))
            WriteList("classifier", ["head", "head_dist"], json.WriteStringValue);
        else
            json.WriteString("classifier", "head");
        json.WriteEndObject();
    }

    void WriteOurs()
    {
        ImagePreprocessing pictures = config.Preprocessing;
        json.WriteStartObject("secateur");
        json.WriteString("architecture", config.Architecture);
        json.WriteNumber("head_dim", config.HeadDim);
        json.WriteNumber("epsilon", config.Epsilon);
        json.WriteBoolean("antialiased_positions", config.AntialiasedPositions);
        json.WriteNumber("crop_fraction", pictures.CropFraction);
        json.WriteString("crop_mode", pictures.CropMode);
        json.WriteString("crop_rounding", pictures.CropRounding);
        if (pictures.ShortSide is { } side)
            json.WriteNumber("short_side", side);
        if (pictures.ResizeTo is { } sides)
            WriteSides("resize_to", sides);
        json.WriteEndObject();
    }

    void WriteSides(string name, (int Height, int Width) sides)
    {
        if (sides.Height == sides.Width)
            json.WriteNumber(name, sides.Height);
        else
            WriteList(name, [sides.Height, sides.Width], json.WriteNumberValue);
    }

    void WriteList<T>(string name, IEnumerable<T> values, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (T value in values)
            write(value);
        json.WriteEndArray();
    }
}
