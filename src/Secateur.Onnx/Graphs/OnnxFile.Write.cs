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
        if (!outside && model.Graph.Initializer.Sum(tensor => (long)tensor.RawData.Length) < Most - (16 << 20))
        {
            AtomicFile.Write(path, stream => model.WriteTo(stream));
            return [path];
        }

        string data = path + ".data";
        ModelProto light = Outside(model, Path.GetFileName(data), out List<(ByteString Bytes, long Offset)> parts);
        AtomicFile.Write(data, stream =>
        {
            foreach ((ByteString bytes, long offset) in parts)
            {
                while (stream.Position < offset)
                    stream.WriteByte(0);
                bytes.WriteTo(stream);
            }
        });
        AtomicFile.Write(path, stream => light.WriteTo(stream));
        return [path, data];
    }

    // Each weight begins at a multiple of 64 KiB, so that it can be mapped into memory on every system.
    static ModelProto Outside(ModelProto model, string file, out List<(ByteString Bytes, long Offset)> parts)
    {
        parts = [];
        var graph = new GraphProto { Name = model.Graph.Name };
        graph.Node.Add(model.Graph.Node);
        graph.Input.Add(model.Graph.Input);
        graph.Output.Add(model.Graph.Output);
        long offset = 0;
        foreach (TensorProto tensor in model.Graph.Initializer)
        {
            if (tensor.RawData.Length < LeastOutside)
            {
                graph.Initializer.Add(tensor);
                continue;
            }

            offset = (offset + 0xFFFF) & ~0xFFFFL;
            var moved = new TensorProto { Name = tensor.Name, DataType = tensor.DataType, DataLocation = TensorProto.Types.DataLocation.External };
            moved.Dims.Add(tensor.Dims);
            moved.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = file });
            moved.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = offset.ToString(CultureInfo.InvariantCulture) });
            moved.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = tensor.RawData.Length.ToString(CultureInfo.InvariantCulture) });
            graph.Initializer.Add(moved);
            parts.Add((tensor.RawData, offset));
            offset += tensor.RawData.Length;
        }

        var light = new ModelProto { IrVersion = model.IrVersion, ProducerName = model.ProducerName, ProducerVersion = model.ProducerVersion, Graph = graph };
        light.OpsetImport.Add(model.OpsetImport);
        light.MetadataProps.Add(model.MetadataProps);
        return light;
    }
}
