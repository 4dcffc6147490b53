using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Onnx.Export;
using Secateur.Onnx.Runtime;

namespace Secateur.Onnx.Serving;

/// <summary>A network under one plan, exported with a fixed batch size and open in ONNX Runtime.</summary>
sealed class ServedPlan : IDisposable
{
    readonly OnnxSession session;
    readonly string? folder;

    /// <summary>Exports and opens it.</summary>
    /// <param name="network">The network.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="batch">Pictures in a run.</param>
    /// <param name="library">The runtime.</param>
    /// <param name="provider">What it computes on.</param>
    /// <param name="spins">Whether its threads stay awake between runs, as where nothing else runs: whatever is timed in turn with it then has to wait
    /// (<see cref="StaysAwake"/>).</param>
    /// <param name="mostInMemory">Bytes of weights beyond which the model goes through a file, with its weights beside it.</param>
    /// <exception cref="OnnxExportException">The plan cannot be a graph.</exception>
    /// <exception cref="OnnxRuntimeException">The runtime cannot open it.</exception>
    internal ServedPlan(VisionTransformer network, TokenPlan plan, int batch, OnnxRuntimeLibrary library, OnnxProvider provider, bool spins, long mostInMemory = 1L << 30)
    {
        OnnxModel model = OnnxExport.Vision(network, plan, new() { Batch = batch });
        var options = new OnnxSessionOptions { Threads = network.Threads.Count, Provider = provider, SpinBetweenRuns = spins };
        Bytes = model.Proto.Graph.Initializer.Sum(weight => (long)weight.RawData.Length);
        if (Bytes <= mostInMemory)
        {
            session = OnnxSession.Open(library, model.ToBytes(), options);
            return;
        }

        folder = Directory.CreateTempSubdirectory("secateur-").FullName;
        try
        {
            string path = Path.Combine(folder, "model.onnx");
            model.Save(path, weightsOutside: true);
            session = OnnxSession.Open(library, path, options);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>How long the runtime's threads stay awake after a run, as its processor time tells (1.30 on an AMD EPYC with two cores: 33 ms in the mean, 40 at most), and more than twice that.</summary>
    internal static TimeSpan StaysAwake { get; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Of the weights: about what the session takes of memory.</summary>
    internal long Bytes { get; }

    /// <summary>Pictures as the model takes them.</summary>
    internal static OnnxTensor Pictures(VisionTransformer network, int batch)
    {
        (int height, int width) = network.ImageSize;
        return new(OnnxElementType.Float32, batch, network.ImageLength / height / width, height, width);
    }

    /// <summary>Runs on these pictures, again and again; it has done so once.</summary>
    /// <param name="pictures">Written to between two runs, or not.</param>
    /// <param name="answers">What every run writes.</param>
    internal OnnxBinding Bind(OnnxTensor pictures, out OnnxTensor answers)
    {
        OnnxValueInfo answer = session.Outputs[0];
        answers = new(answer.Type, answer.Shape.AsSpan());
        var binding = session.Bind([new(OnnxExport.Images, pictures)], [new(answer.Name, answers)]);
        binding.Run(); // the first run plans the memory of those that follow
        return binding;
    }

    /// <summary>Closes it, after its bindings: the runtime may read weights that stand in a file for as long as they are there.</summary>
    public void Dispose()
    {
        session.Dispose();
        if (folder is not null && Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
