using Secateur.Onnx.Runtime;

namespace Secateur.Onnx.Serving;

/// <summary>ONNX Runtime on one provider, as profiles and timings name it.</summary>
public static class ServedRuntime
{
    /// <summary>What its names begin with.</summary>
    public const string Prefix = "onnxruntime ";

    /// <summary>Its name, with all that its times depend on and a program can know.</summary>
    /// <param name="library">The library.</param>
    /// <param name="provider">What it computes on.</param>
    /// <returns>"onnxruntime 1.30.0, cpu".</returns>
    public static string Name(OnnxRuntimeLibrary library, OnnxProvider provider)
    {
        ArgumentNullException.ThrowIfNull(library);
        ArgumentNullException.ThrowIfNull(provider);
        return $"{Prefix}{library.Version}, {provider.Name}";
    }

    /// <summary>The provider in such a name.</summary>
    /// <param name="runtime">What a profile says.</param>
    /// <returns>The provider; null where the name is of something else.</returns>
    public static OnnxProvider? Provider(string runtime)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        return runtime.StartsWith(Prefix, StringComparison.Ordinal) && runtime.Split(", ") is [_, var name] ? OnnxProvider.All.FirstOrDefault(provider => provider.Name == name) : null;
    }
}
