using System.Collections.Immutable;
using Secateur.Models.Checkpoints;
using Secateur.Onnx.Import.Functions;
using Secateur.Onnx.Schema;

namespace Secateur.Onnx.Import;

/// <summary>What a graph is tried with.</summary>
/// <param name="Shape">The input's shape.</param>
/// <param name="Numbers">Its numbers; null where nothing but its shape is to be known.</param>
internal sealed record Trial(ImmutableArray<int> Shape, double[]? Numbers = null);

/// <summary>A graph whose shapes, and whose few numbers besides the network's own, were worked out for inputs that it is tried with. So what depends on a batch or on the
/// length of a text is known without being named.</summary>
internal sealed class TriedGraph
{
    readonly Dictionary<string, Edge> edges = [];
    readonly Evaluation evaluation = new();
    readonly string path;
    readonly int count;
    int position;

    /// <summary>Works out all that one output depends on.</summary>
    /// <param name="source">The file.</param>
    /// <param name="trials">What each input is, by name.</param>
    /// <param name="output">The output.</param>
    /// <exception cref="CheckpointException">The graph is damaged, or it has an operator that is not known here; the first is named.</exception>
    public TriedGraph(OnnxSource source, IReadOnlyDictionary<string, Trial> trials, string output)
    {
        foreach ((string name, StoredTensor stored) in source.Stored)
            edges.Add(name, new(name) { Path = source.Path, Stored = stored, Shape = stored.Shape, IsConstant = true, Integral = !stored.Floating });
        foreach ((string name, Trial trial) in trials)
            edges[name] = new(name) { Path = source.Path, Shape = trial.Shape, Numbers = trial.Numbers, Integral = trial.Numbers is not null };
        (path, count) = (source.Path, source.Operators.Count());
        Run(source.Nodes, [output]);
        Output = edges.TryGetValue(output, out Edge? last) ? last : throw new CheckpointException($"{source.Path}: nothing gives its output '{Node.Short(output)}'.");
    }

    /// <summary>What was asked for.</summary>
    public Edge Output { get; }

    /// <summary>What is called so.</summary>
    public Edge this[string name] => edges[name];

    void Run(ImmutableArray<PlacedNode> nodes, IEnumerable<string> outputs)
    {
        bool[] needed = Needed(nodes, outputs);
        for (int i = 0; i < nodes.Length; i++)
        {
            (NodeProto proto, int opset, ImmutableArray<Branch> branches) = nodes[i];
            var node = new Node(path, proto, position++, count, opset);
            node.Inputs = [.. proto.Input.Select(name => name.Length == 0 ? null : edges.TryGetValue(name, out Edge? edge) ? edge : throw node.Refuse($"it reads '{Node.Short(name)}', which nothing before it gives"))];
            foreach (Edge edge in node.Outputs)
                if (edge.Name.Length > 0 && !edges.TryAdd(edge.Name, edge))
                    throw node.Refuse($"it gives '{Node.Short(edge.Name)}', which is there already");
            if (needed[i] && branches.Length == 2)
                Choose(node, branches);
            else if (needed[i] && !evaluation.Run(node))
                throw node.Refuse("this operator is none of those that vision transformers and encoders of texts are made of here");
        }
    }

    // What an If gives is what the branch gives that is taken.
    void Choose(Node node, ImmutableArray<Branch> branches)
    {
        Branch taken = branches[(node.In(0).Number ?? throw node.Refuse("which way it goes depends on what the network is given")) != 0 ? 0 : 1];
        Run(taken.Nodes, taken.Outputs);
        for (int i = 0; i < node.Outputs.Length; i++)
            edges[node.Outputs[i].Name] = i < taken.Outputs.Length && edges.TryGetValue(taken.Outputs[i], out Edge? edge) ? edge : throw node.Refuse("nothing gives what it should give");
    }

    static bool[] Needed(ImmutableArray<PlacedNode> nodes, IEnumerable<string> outputs)
    {
        var wanted = new HashSet<string>(outputs);
        var needed = new bool[nodes.Length];
        for (int i = nodes.Length - 1; i >= 0; i--)
            if (needed[i] = nodes[i].Proto.Output.Any(wanted.Contains))
                wanted.UnionWith(nodes[i].Reads);
        return needed;
    }
}
