using Secateur.Kernels;

namespace Secateur.Onnx.Import.Patterns;

/// <summary>A function of each number by itself, made of whatever operators: it is known by what it computes. Exact GELU, its tanh approximation, quick GELU and SiLU.</summary>
/// <param name="Input">What it is applied to.</param>
/// <param name="Activation">What it is.</param>
internal sealed record ActivationPattern(Edge Input, Activation Activation)
{
    // The two GELUs are 4.7e-4 apart where they differ most; constants of half precision move either by less than half of that.
    const double Tolerance = 2e-4;
    const int Deepest = 40;

    static readonly double[] Places = [.. Enumerable.Range(-60, 121).Select(i => i / 10.0)];

    static readonly (Activation Activation, Func<double, double> Of)[] Known =
    [
        (Activation.Gelu, Elementwise.Gelu),
        (Activation.GeluTanh, Elementwise.GeluTanh),
        (Activation.GeluQuick, x => x * Elementwise.Sigmoid(1.702 * x)),
        (Activation.Silu, x => x * Elementwise.Sigmoid(x)),
    ];

    /// <summary>Matches; null where y is no function of one thing, or none that is known.</summary>
    public static ActivationPattern? Of(Edge y)
    {
        Edge? input = null;
        if (Values(y.Skip(), [], ref input, 0) is not { } values || input is null)
            return null;
        (Activation nearest, double distance) = Known.Select(known => (known.Activation, Distance: Places.Zip(values, (x, value) => Math.Abs(known.Of(x) - value)).Max())).MinBy(pair => pair.Distance);
        return distance <= Tolerance ? new(input, nearest) : null;
    }

    static double[]? Values(Edge edge, Dictionary<Edge, double[]> done, ref Edge? input, int depth)
    {
        if (done.TryGetValue(edge, out double[]? before))
            return before;
        if (edge.IsConstant)
            return edge.Number is { } number ? [.. Places.Select(_ => number)] : null;
        if (depth == Deepest)
            return null;
        double[]? values = null;
        if (edge.Producer is { } node && edge.Output == 0 && !HasVector(node))
        {
            if (Elementwise.Unary(node) is { } unary)
                values = Values(node.In(0).Skip(), done, ref input, depth + 1)?.Select(unary).ToArray();
            else if (node.Inputs.Length == 2 && Elementwise.Binary(node, false) is { } binary)
                values = Values(node.In(0).Skip(), done, ref input, depth + 1) is { } a && Values(node.In(1).Skip(), done, ref input, depth + 1) is { } b ? [.. a.Zip(b, binary)] : null;
            else
                values = Leaf(edge, ref input);
        }
        else
        {
            values = Leaf(edge, ref input);
        }

        return values is null ? null : done[edge] = values;
    }

    static double[]? Leaf(Edge edge, ref Edge? input) => (input ??= edge) == edge ? Places : null;

    static bool HasVector(Node node) => node.Inputs.Any(input => input is { IsConstant: true, Length: > 1 });
}
