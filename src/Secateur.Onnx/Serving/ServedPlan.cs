using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Onnx.Export;
using Secateur.Onnx.Runtime;

namespace Secateur.Onnx.Serving;

/// <summary>A network under one plan, exported with a fixed batch size and open in ONNX Runtime.</summary>
sealed class ServedPlan : IDisposable
{
    readonly OnnxSession session;

    /// <summary>Exports and opens it. Its threads rest between runs, since what is timed in turn with it needs the cores.</summary>
    /// <exception cref="OnnxExportException">The plan cannot be a graph.</exception>
    /// <exception cref="OnnxRuntimeException">The runtime cannot open it.</exception>
    internal ServedPlan(VisionTransformer network, TokenPlan plan, int batch, OnnxRuntimeLibrary library, OnnxProvider provider)
    {
        byte[] model = OnnxExport.Vision(network, plan, new() { Batch = batch }).ToBytes();
        Bytes = model.Length;
        session = OnnxSession.Open(library, model, new() { Threads = network.Threads.Count, Provider = provider, SpinBetweenRuns = false });
    }

    /// <summary>Of the model: about what the session takes of memory.</summary>
    internal long Bytes { get; }

    /// <summary>Pictures as the model takes them.</summary>
    internal static OnnxTensor Pictures(VisionTransformer network, int batch)
    {
        (int height, int width) = network.ImageSize;
        return new(OnnxElementType.Float32, batch, network.ImageLength / height / width, height, width);
    }

    /// <summary>Runs on these pictures, again and again.</summary>
    internal OnnxBinding Bind(OnnxTensor pictures)
    {
        OnnxValueInfo answer = session.Outputs[0];
        var binding = session.Bind([new(OnnxExport.Images, pictures)], [new(answer.Name, new(answer.Type, answer.Shape.AsSpan()))]);
        binding.Run(); // the first run plans the memory of those that follow
        return binding;
    }

    /// <summary>Closes it; bindings keep it open until they are disposed.</summary>
    public void Dispose() => session.Dispose();
}
