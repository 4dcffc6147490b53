using System.Globalization;
using Google.Protobuf;
using Secateur.Models.Checkpoints;
using Secateur.Onnx.Schema;

namespace Secateur.Onnx.Graphs;

/// <summary>ONNX files.</summary>
internal static partial class OnnxFile
{
    /// <summary>Bytes that one file may have: protocol buffers end at 2 GiB.</summary>
    internal const long Most = int.MaxValue - (1 << 20);

    // Weights below this stay in the file even where the large ones do not.
    const int LeastOutside = 1024;

    /// <summary>Puts a graph into a model that says which operators it needs.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="opset">Version of its operators.</param>
    /// <param name="metadata">What travels with it.</param>
    public static ModelProto Model(GraphProto graph, int opset, IEnumerable<(string Key, string Value)> metadata)
    {
        var model = new ModelProto
        {
            IrVersion = opset >= 21 ? 10 : 8,
            ProducerName = "secateur",
            ProducerVersion = typeof(OnnxFile).Assembly.GetName().Version?.ToString(3) ?? "",
            Graph = graph,
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = opset } },
        };
        model.MetadataProps.Add(metadata.Select(pair => new StringStringEntryProto { Key = pair.Key, Value = pair.Value }));
        return model;
    }

    /// <summary>Writes a file when it is whole; weights beside it, as NAME.data, where they do not fit or are wanted there.</summary>
    /// <param name="model">The model; unchanged.</param>
    /// <param name="path">Where; replaced if it is there.</param>
    /// <param name="outside">Whether weights are to stand beside it even where they would fit.</param>
    /// <returns>The files written.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static IReadOnlyList<string> Write(ModelProto model, string path, bool outside = false)
    {
        if (!outside && Weights(model) < Most - (16 << 20))
        {
            AtomicFile.Write(path, stream => model.WriteTo(stream));
            return [path];
        }

        string data = path + ".data";
        Dictionary<string, long> places = Places(model, out long length);
        AtomicFile.Write(data, stream =>
        {
            stream.SetLength(length);
            foreach (TensorProto tensor in model.Graph.Initializer.Where(tensor => places.ContainsKey(tensor.Name)))
            {
                stream.Position = places[tensor.Name];
                tensor.RawData.WriteTo(stream);
            }
        });
        ModelProto light = Outside(model, Path.GetFileName(data), places);
        AtomicFile.Write(path, stream => light.WriteTo(stream));
        return [path, data];
    }

    /// <summary>Writes a model of more outputs and the same weights into the same folder, which has its weights where the other has them.</summary>
    /// <param name="model">The model; unchanged.</param>
    /// <param name="path">Where.</param>
    /// <param name="other">What was written before.</param>
    /// <param name="written">Where.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void WriteBeside(ModelProto model, string path, ModelProto other, string written)
    {
        bool outside = new FileInfo(written).Length < Weights(other);
        ModelProto light = outside ? Outside(model, Path.GetFileName(written) + ".data", Places(other, out _)) : model;
        AtomicFile.Write(path, stream => light.WriteTo(stream));
    }

    static long Weights(ModelProto model) => model.Graph.Initializer.Sum(tensor => (long)tensor.RawData.Length);

    // Where each weight begins: at a multiple of 64 KiB, so that it can be mapped into memory on every system.
    static Dictionary<string, long> Places(ModelProto model, out long length)
    {
        var places = new Dictionary<string, long>();
        length = 0;
        foreach (TensorProto tensor in model.Graph.Initializer.Where(tensor => tensor.RawData.Length >= LeastOutside))
        {
            places[tensor.Name] = (length + 0xFFFF) & ~0xFFFFL;
            length = places[tensor.Name] + tensor.RawData.Length;
        }

        return places;
    }

    static ModelProto Outside(ModelProto model, string file, Dictionary<string, long> places)
    {
        var graph = new GraphProto { Name = model.Graph.Name };
        graph.Node.Add(model.Graph.Node);
        graph.Input.Add(model.Graph.Input);
        graph.Output.Add(model.Graph.Output);
        graph.Initializer.Add(model.Graph.Initializer.Select(tensor => places.TryGetValue(tensor.Name, out long offset) ? Moved(tensor, file, offset) : tensor));
        var light = new ModelProto { IrVersion = model.IrVersion, ProducerName = model.ProducerName, ProducerVersion = model.ProducerVersion, Graph = graph };
        light.OpsetImport.Add(model.OpsetImport);
        light.MetadataProps.Add(model.MetadataProps);
        return light;
    }

    static TensorProto Moved(TensorProto tensor, string file, long offset)
    {
        var moved = new TensorProto { Name = tensor.Name, DataType = tensor.DataType, DataLocation = TensorProto.Types.DataLocation.External };
        moved.Dims.Add(tensor.Dims);
        (string Key, string Value)[] place = [("location", file), ("offset", offset.ToString(CultureInfo.InvariantCulture)), ("length", tensor.RawData.Length.ToString(CultureInfo.InvariantCulture))];
        moved.ExternalData.Add(place.Select(pair => new StringStringEntryProto { Key = pair.Key, Value = pair.Value }));
        return moved;
    }
}
