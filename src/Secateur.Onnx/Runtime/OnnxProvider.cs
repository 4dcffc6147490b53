using System.Collections.Immutable;

namespace Secateur.Onnx.Runtime;

/// <summary>What ONNX Runtime can compute on.</summary>
/// <param name="Name">Its name here: "cuda".</param>
/// <param name="RuntimeName">The runtime's own name for it.</param>
/// <param name="Advice">How to get a build of the runtime that has it.</param>
public sealed record OnnxProvider(string Name, string RuntimeName, string Advice)
{
    /// <summary>The file beside the runtime's own that does the work, without what the system puts before and behind it; "" where the runtime does it itself.</summary>
    public string Library { get; init; } = "";

    /// <summary>Processors; every build has it.</summary>
    public static OnnxProvider Cpu { get; } = new("cpu", "CPUExecutionProvider", "");

    /// <summary>NVIDIA's graphics cards.</summary>
    public static OnnxProvider Cuda { get; } = new("cuda", "CUDAExecutionProvider", Get("Microsoft.ML.OnnxRuntime.Gpu", "onnxruntime-gpu")) { Library = "onnxruntime_providers_cuda" };

    /// <summary>NVIDIA's graphics cards, with graphs compiled for them.</summary>
    public static OnnxProvider TensorRt { get; } = new("tensorrt", "TensorrtExecutionProvider", Get("Microsoft.ML.OnnxRuntime.Gpu", "onnxruntime-gpu")) { Library = "onnxruntime_providers_tensorrt" };

    /// <summary>Graphics cards on Windows.</summary>
    public static OnnxProvider DirectMl { get; } = new("directml", "DmlExecutionProvider", Get("Microsoft.ML.OnnxRuntime.DirectML", "onnxruntime-directml"));

    /// <summary>Intel's processors and graphics cards.</summary>
    public static OnnxProvider OpenVino { get; } = new("openvino", "OpenVINOExecutionProvider", Get("Intel.ML.OnnxRuntime.OpenVino", "onnxruntime-openvino")) { Library = "onnxruntime_providers_openvino" };

    /// <summary>Apple's machines.</summary>
    public static OnnxProvider CoreMl { get; } = new("coreml", "CoreMLExecutionProvider", "Use the runtime's build for macOS, which has it.");

    /// <summary>All that are known here.</summary>
    public static ImmutableArray<OnnxProvider> All { get; } = [Cpu, Cuda, TensorRt, DirectMl, OpenVino, CoreMl];

    /// <summary>A provider by its name.</summary>
    /// <param name="name">"cpu", "cuda", "tensorrt", "directml", "openvino" or "coreml".</param>
    /// <returns>The provider.</returns>
    /// <exception cref="ArgumentException">None has this name.</exception>
    public static OnnxProvider Named(string name) => All.FirstOrDefault(provider => provider.Name == name)
        ?? throw new ArgumentException($"There is no provider '{name}'; name one of {string.Join(", ", All.Select(provider => provider.Name))}.", nameof(name));

    static string Get(string nuget, string pypi) => $"Take the library from NuGet's package {nuget} or PyPI's {pypi}, and name it with SECATEUR_ONNXRUNTIME.";
}
