using System.Collections.Immutable;
using Secateur.Models.Checkpoints;
using Secateur.Onnx.Graphs;
using Secateur.Onnx.Import.Functions;
using Secateur.Onnx.Schema;

namespace Secateur.Onnx.Import;

/// <summary>An ONNX file that is open for reading: its graph, and its weights, checked but not converted.</summary>
internal sealed class OnnxSource
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CheckpointException">It cannot be read, or it is damaged.</exception>
    public OnnxSource(string path)
    {
        (Path, Model) = (path, OnnxFile.Read(path));
        foreach (TensorProto tensor in Graph.Initializer)
            if (!Stored.TryAdd(tensor.Name, new(path, tensor)))
                throw new CheckpointException($"{path}: there are two tensors '{Node.Short(tensor.Name)}'.");
        Nodes = FunctionExpansion.Of(path, Model);
        Inputs = [.. Graph.Input.Where(input => !Stored.ContainsKey(input.Name))];
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What it says.</summary>
    public ModelProto Model { get; }

    /// <summary>The graph.</summary>
    public GraphProto Graph => Model.Graph;

    /// <summary>Its operators, those of the model's own functions in place of what calls them.</summary>
    public ImmutableArray<PlacedNode> Nodes { get; }

    /// <summary>The same with all that may run in either branch of an If.</summary>
    public IEnumerable<NodeProto> Operators => Nodes.SelectMany(node => node.All);

    /// <summary>What is stored, by name.</summary>
    public Dictionary<string, StoredTensor> Stored { get; } = [];

    /// <summary>What the graph is given; older exporters list what is stored too.</summary>
    public IReadOnlyList<ValueInfoProto> Inputs { get; }
}
