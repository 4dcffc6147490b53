using Google.Protobuf;
using Secateur.Onnx.Graphs;
using Secateur.Onnx.Schema;

namespace Secateur.Onnx.Export;

/// <summary>An ONNX model in memory.</summary>
public sealed class OnnxModel
{
    internal OnnxModel(ModelProto model) => Proto = model;

    internal ModelProto Proto { get; }

    /// <summary>Nodes of its graph.</summary>
    public int Nodes => Proto.Graph.Node.Count;

    /// <summary>Writes it when it is whole; weights beside it, as NAME.data, where they do not fit into one file (2 GiB) or are wanted there.</summary>
    /// <param name="path">Where; replaced if it is there.</param>
    /// <param name="weightsOutside">Whether weights are to stand beside it even where they would fit.</param>
    /// <returns>The files written.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public IReadOnlyList<string> Save(string path, bool weightsOutside = false) => OnnxFile.Write(Proto, path, weightsOutside);

    /// <summary>The bytes of the file.</summary>
    /// <returns>All of it.</returns>
    public byte[] ToBytes() => Proto.ToByteArray();
}
