using System.Collections.Immutable;
using Secateur.Kernels;

namespace Secateur.Models.Vit;

/// <summary>What the head of a vision transformer looks at.</summary>
public enum VitPooling
{
    /// <summary>The class token after the final norm (timm "token").</summary>
    ClassToken,

    /// <summary>The mean of the patch tokens, normed after pooling (timm "avg" with <c>fc_norm</c>, as in MAE fine-tuned networks)
    /// or before it, whichever norm the weights hold.</summary>
    Average,

    /// <summary>The class token and the mean of the patch tokens, one after the other, both after the final norm (DINOv2's classifier).</summary>
    ClassTokenAndAverage,
}

/// <summary>What the weights cannot say about a vision transformer. Widths, depth, numbers of classes and of tokens come from the weights.</summary>
public sealed record VitConfig
{
    /// <summary>For people: "deit_small_patch16_224".</summary>
    public string Architecture { get; init; } = "vision_transformer";

    /// <summary>Height and width of the images the position embeddings were made for, pixels.</summary>
    public required (int Height, int Width) ImageSize { get; init; }

    /// <summary>Columns of a head; heads of a block = rows of its qkv weight / 3 / this.</summary>
    public required int HeadDim { get; init; }

    /// <summary>Added to the variance in every LayerNorm.</summary>
    public float Epsilon { get; init; } = 1e-6f;

    /// <summary>The MLP's activation; ignored where <see cref="SwiGlu"/>.</summary>
    public Activation Activation { get; init; } = Activation.Gelu;

    /// <summary>Whether the MLP is gated: silu(first half of fc1) * second half.</summary>
    public bool SwiGlu { get; init; }

    /// <summary>What the head looks at.</summary>
    public VitPooling Pooling { get; init; } = VitPooling.ClassToken;

    /// <summary>Whether position embeddings are resampled for other image sizes with antialiasing, as timm does; Hugging Face does without, but for DINOv2 with registers.</summary>
    public bool AntialiasedPositions { get; init; } = true;

    /// <summary>Names of the classes, by index; empty when the checkpoint does not have one for each.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>How a picture becomes the network's input.</summary>
    public ImagePreprocessing Preprocessing { get; init; } = new();
}

/// <summary>How a picture becomes the network's input: resize, crop, then (value / 255 - mean) / deviation for each channel.</summary>
public sealed record ImagePreprocessing
{
    /// <summary>Height and width of the network's input, pixels.</summary>
    public (int Height, int Width) Size { get; init; } = (224, 224);

    /// <summary>Part of the resized picture that the crop keeps (timm's <c>crop_pct</c>): the short side is resized to floor(size / this).</summary>
    public double CropFraction { get; init; } = 0.875;

    /// <summary>How the crop is taken: "center", "squash" (both sides resized, no crop) or "border" (long side fits, padded), as timm names them.</summary>
    public string CropMode { get; init; } = "center";

    /// <summary>Resampling filter: "bicubic", "bilinear", "lanczos", "box", "hamming" or "nearest".</summary>
    public string Interpolation { get; init; } = "bicubic";

    /// <summary>Short side after the resize, pixels, where the checkpoint names it itself (Hugging Face's <c>size.shortest_edge</c>); null to derive it from <see cref="CropFraction"/>.</summary>
    public int? ShortSide { get; init; }

    /// <summary>Both sides after the resize, pixels, where the checkpoint names them itself (Hugging Face's <c>size.height</c> and <c>size.width</c>); the shape is not kept. Null otherwise.</summary>
    public (int Height, int Width)? ResizeTo { get; init; }

    /// <summary>Where the crop lies when half a pixel is left over: "half-even" (torchvision, timm) or "down" (Hugging Face).</summary>
    public string CropRounding { get; init; } = "half-even";

    /// <summary>Subtracted from each channel after the division by 255.</summary>
    public (float Red, float Green, float Blue) Mean { get; init; } = (0.485f, 0.456f, 0.406f);

    /// <summary>Divides each channel last.</summary>
    public (float Red, float Green, float Blue) Deviation { get; init; } = (0.229f, 0.224f, 0.225f);
}
