using System.Collections.Immutable;
using Google.Protobuf;
using Secateur.Models;
using Secateur.Onnx.Graphs;
using Secateur.Onnx.Schema;

namespace Secateur.Onnx.Export;

/// <summary>An ONNX model in memory.</summary>
public sealed class OnnxModel
{
    internal OnnxModel(ModelProto model, ModelProto deciding) => (Proto, Deciding) = (model, deciding);

    internal ModelProto Proto { get; }

    /// <summary>The same nodes and weights, with every decision about tokens as an output.</summary>
    internal ModelProto Deciding { get; }

    /// <summary>Nodes of its graph.</summary>
    public int Nodes => Proto.Graph.Node.Count;

    /// <summary>Version of its operators.</summary>
    public int Opset => (int)Proto.OpsetImport[0].Version;

    /// <summary>What it takes, for people: "images float32 [batch, 3, 224, 224]".</summary>
    public ImmutableArray<string> Inputs => [.. Proto.Graph.Input.Select(Words)];

    /// <summary>What it gives, for people.</summary>
    public ImmutableArray<string> Outputs => [.. Proto.Graph.Output.Select(Words)];

    /// <summary>What it says of itself; docs/formats/onnx.md describes the keys.</summary>
    public ImmutableDictionary<string, string> Metadata => Proto.MetadataProps.ToImmutableDictionary(entry => entry.Key, entry => entry.Value);

    /// <summary>Writes it when it is whole; weights beside it, as NAME.data, where they do not fit into one file (2 GiB) or are wanted there.</summary>
    /// <param name="path">Where; replaced if it is there.</param>
    /// <param name="weightsOutside">Whether weights are to stand beside it even where they would fit.</param>
    /// <returns>The files written.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public IReadOnlyList<string> Save(string path, bool weightsOutside = false) => OnnxFile.Write(Proto, path, weightsOutside);

    /// <summary>The bytes of the file.</summary>
    /// <returns>All of it.</returns>
    public byte[] ToBytes() => Proto.ToByteArray();

    /// <summary>What the answer of a network is called.</summary>
    internal static string Answer(Transformer network) => network.AnswerKind == AnswerKind.Embedding ? "embedding" : "logits";

    /// <summary>What a decision is called.</summary>
    internal static string Decision(int stage, bool kept) => $"stage.{stage}.{(kept ? "kept" : "group")}";

    static string Words(ValueInfoProto value)
    {
        TypeProto.Types.Tensor tensor = value.Type.TensorType;
        string type = (ElementType)tensor.ElemType switch { ElementType.Float => "float32", var other => other.ToString().ToLowerInvariant() };
        return $"{value.Name} {type} [{string.Join(", ", tensor.Shape.Dim.Select(side => side.DimParam.Length > 0 ? side.DimParam : $"{side.DimValue}"))}]";
    }
}
