using System.Collections.Immutable;
using Secateur.Models.Checkpoints;
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
        var nodes = new List<Node>();
        foreach (NodeProto proto in source.Graph.Node)
        {
            var node = new Node(source.Path, proto, nodes.Count, source.Graph.Node.Count, source.Opset);
            node.Inputs = [.. proto.Input.Select(name => name.Length == 0 ? null : edges.TryGetValue(name, out Edge? edge) ? edge : throw node.Refuse($"it reads '{Node.Short(name)}', which nothing before it gives"))];
            foreach (Edge edge in node.Outputs)
                if (edge.Name.Length > 0 && !edges.TryAdd(edge.Name, edge))
                    throw node.Refuse($"it gives '{Node.Short(edge.Name)}', which is there already");
            nodes.Add(node);
        }

        Output = edges.TryGetValue(output, out Edge? last) ? last : throw new CheckpointException($"{source.Path}: nothing gives its output '{Node.Short(output)}'.");
        var evaluation = new Evaluation();
        foreach (Node node in Needed(nodes))
            if (!evaluation.Run(node))
                throw node.Refuse("this operator is none of those that vision transformers and encoders of texts are made of here");
    }

    /// <summary>What was asked for.</summary>
    public Edge Output { get; }

    /// <summary>What is called so.</summary>
    public Edge this[string name] => edges[name];

    IEnumerable<Node> Needed(List<Node> nodes)
    {
        var needed = new HashSet<Node>();
        if (Output.Producer is { } last)
            needed.Add(last);
        for (int i = nodes.Count - 1; i >= 0; i--)
            if (needed.Contains(nodes[i]))
                foreach (Edge? input in nodes[i].Inputs)
                    if (input?.Producer is { } before)
                        needed.Add(before);
        return nodes.Where(needed.Contains);
    }
}
