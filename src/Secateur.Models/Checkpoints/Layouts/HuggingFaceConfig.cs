using Secateur.Kernels;
using Secateur.Models.Vit;

namespace Secateur.Models.Checkpoints.Layouts;

/// <summary>The config.json of Hugging Face's vision transformers.</summary>
internal static class HuggingFaceConfig
{
    /// <summary>Reads what the weights cannot say.</summary>
    /// <param name="config">config.json, its part about the image tower, or null.</param>
    /// <param name="hint">The name of the file or folder.</param>
    /// <param name="shapes">What the weights say.</param>
    /// <param name="epsilon">The family's default.</param>
    /// <param name="pooling">What the family's head looks at.</param>
    /// <param name="activation">The family's default.</param>
    public static VitConfig Read(ConfigFile? config, string hint, VitShapes shapes, float epsilon, VitPooling pooling, string activation = "gelu") => new()
    {
        Architecture = hint,
        ImageSize = shapes.ImageSize(config?.Sides("image_size")),
        HeadDim = shapes.HeadDim(config?.Whole("num_attention_heads", 1, 1 << 16), config),
        Epsilon = (float?)config?.Number("layer_norm_eps", 0, 1) ?? epsilon,
        Activation = Activation(config, config?.Text("hidden_act") ?? activation),
        SwiGlu = shapes.IsGated,
        Pooling = pooling,
        AntialiasedPositions = false,
        Labels = [.. config?.Names("id2label", shapes.Classes) ?? []],
    };

    /// <summary>The activation of that name under <c>hidden_act</c>, or another key.</summary>
    /// <exception cref="CheckpointException">It is not known here.</exception>
    public static Activation Activation(ConfigFile? config, string name, string key = "hidden_act") => name switch
    {
        "gelu" or "gelu_python" => Secateur.Kernels.Activation.Gelu,
        "gelu_new" or "gelu_pytorch_tanh" or "gelu_python_tanh" or "gelu_fast" => Secateur.Kernels.Activation.GeluTanh,
        "quick_gelu" => Secateur.Kernels.Activation.GeluQuick,
        "silu" or "swish" => Secateur.Kernels.Activation.Silu,
        _ => throw config!.Wrong(key, $"\"{name}\"", "gelu, gelu_new, gelu_pytorch_tanh, quick_gelu or silu"),
    };
}
