using System.Collections.Immutable;
using Secateur.Kernels;
using Secateur.Models;
using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export;

/// <summary>The weights of a network as constants of a graph, each under its own name and read when it is first asked for.</summary>
internal sealed class GraphWeights
{
    readonly OnnxGraph graph;
    readonly Dictionary<string, (ImmutableArray<int> Shape, Action<Span<float>> Read)> found = [];
    readonly Dictionary<string, Value> values = [];

    public GraphWeights(OnnxGraph graph, Transformer network)
    {
        this.graph = graph;
        network.VisitWeights((name, shape, read) => found[name] = (shape, read));
    }

    public bool Has(string name) => found.ContainsKey(name);

    /// <summary>The shape that a checkpoint has it in.</summary>
    public ImmutableArray<int> Shape(string name) => found[name].Shape;

    /// <summary>The numbers, row-major.</summary>
    public float[] Read(string name)
    {
        (ImmutableArray<int> shape, Action<Span<float>> read) = found[name];
        var numbers = new float[shape.Aggregate(1, (a, b) => a * b)];
        read(numbers);
        return numbers;
    }

    /// <summary>A weight as it is.</summary>
    public Value this[string name] => values.TryGetValue(name, out Value? known) ? known : values[name] = graph.Weight(name, () => Read(name), Shape(name).AsSpan());

    /// <summary>x w^T + b, for a weight [outputs, inputs]. One Gemm where x is a matrix; otherwise the graph holds the weight turned round, [inputs, outputs], as MatMul reads it.</summary>
    /// <param name="name">Before ".weight" and ".bias".</param>
    /// <param name="x">[..., inputs].</param>
    public Value Linear(string name, Value x)
    {
        string weight = $"{name}.weight", bias = $"{name}.bias";
        if (x.Rank == 2)
            return graph.Linear(x, this[weight], Has(bias) ? this[bias] : null);
        int outputs = Shape(weight)[0], inputs = Shape(weight)[1];
        if (!values.TryGetValue(weight, out Value? turned))
            values[weight] = turned = graph.Weight(weight, () => Turned(Read(weight), outputs, inputs), inputs, outputs);
        Value product = graph.MatrixProduct(x, turned);
        return Has(bias) ? graph.Add(product, this[bias]) : product;
    }

    /// <summary>What a product without inputs gives; null where it has no bias either.</summary>
    /// <param name="name">Before ".bias".</param>
    public Value? Bias(string name) => Has($"{name}.bias") ? this[$"{name}.bias"] : null;

    /// <summary>Norm over the last axis.</summary>
    public Value Norm(string name, Value x, float epsilon) =>
        graph.LayerNorm(x, this[$"{name}.weight"], Has($"{name}.bias") ? this[$"{name}.bias"] : null, epsilon);

    static float[] Turned(float[] weight, int outputs, int inputs)
    {
        var turned = new float[weight.Length];
        for (int o = 0; o < outputs; o++)
            for (int i = 0; i < inputs; i++)
                turned[(i * outputs) + o] = weight[(o * inputs) + i];
        return turned;
    }

    /// <summary>An activation, of primitive operators.</summary>
    public static Value Activate(OnnxGraph graph, Value x, Activation activation) => activation switch
    {
        Activation.None => x,
        Activation.Gelu => graph.Multiply(graph.Multiply(x, graph.Add(graph.ErrorFunction(graph.Divide(x, graph.Number(MathF.Sqrt(2)))), graph.Number(1f))), graph.Number(.5f)),
        Activation.GeluTanh => TanhGelu(graph, x),
        Activation.GeluQuick => graph.Multiply(x, graph.Sigmoid(graph.Multiply(x, graph.Number(1.702f)))),
        Activation.Silu => graph.Multiply(x, graph.Sigmoid(x)),
        _ => throw new OnnxExportException($"There is no graph for the activation {activation}."),
    };

    static Value TanhGelu(OnnxGraph graph, Value x)
    {
        Value cube = graph.Multiply(graph.Multiply(x, x), x);
        Value inner = graph.Multiply(graph.Add(x, graph.Multiply(cube, graph.Number(.044715f))), graph.Number(MathF.Sqrt(2 / MathF.PI)));
        return graph.Multiply(graph.Multiply(x, graph.Add(graph.Tanh(inner), graph.Number(1f))), graph.Number(.5f));
    }
}
