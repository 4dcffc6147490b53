namespace Secateur.Onnx.Import.Patterns;

/// <summary>Layer normalisation: the operator of opset 17, or (x - mean) / sqrt(mean of squares + epsilon) * scale + shift of ReduceMean, Sub, Pow, Add, Sqrt, Div, Mul, Add.</summary>
/// <param name="Input">x.</param>
/// <param name="Scale">[width]; null for ones.</param>
/// <param name="Shift">[width]; null for zeros.</param>
/// <param name="Epsilon">Added to the variance.</param>
internal sealed record NormPattern(Edge Input, Edge? Scale, Edge? Shift, float Epsilon)
{
    /// <summary>Matches; null where y is no norm.</summary>
    public static NormPattern? Of(Edge y)
    {
        y = y.Skip();
        if (y.Is("LayerNormalization") && y.Output == 0 && y.Producer is { } node)
            return node.Axis(node.Int("axis", -1), y.Rank) == y.Rank - 1 && IsVector(node.In(1), y) && (node.Maybe(2) is not { } b || IsVector(b, y))
                ? new(node.In(0).Skip(), node.In(1), node.Maybe(2), node.Float("epsilon", 1e-5f))
                : null;
        Edge? shift = null, scale = null;
        Edge normed = y;
        if (normed.WithConstant("Add") is { } shifted && IsVector(shifted.Constant, y))
            (normed, shift) = (shifted.Other.Skip(), shifted.Constant);
        if (normed.WithConstant("Mul") is { } scaled && IsVector(scaled.Constant, y))
            (normed, scale) = (scaled.Other.Skip(), scaled.Constant);
        if (Quotient(normed) is not var (centred, root) || Centred(centred) is not { } x || !root.Is("Sqrt"))
            return null;
        if (root.Producer!.In(0).Skip().WithEpsilon() is not var (mean, epsilon) || Mean(mean) is not { } square)
            return null;
        return Squared(square) is { } again && Centred(again) is { } same && same == x ? new(x, scale, shift, (float)epsilon) : null;
    }

    /// <summary>The scale, [width].</summary>
    public float[] ReadScale(int width) => Scale is null ? [.. Enumerable.Repeat(1f, width)] : Scale.Floats() ?? throw Scale.Expected("a stored scale of a norm");

    /// <summary>The shift, [width].</summary>
    public float[] ReadShift(int width) => Shift is null ? new float[width] : Shift.Floats() ?? throw Shift.Expected("a stored shift of a norm");

    static bool IsVector(Edge edge, Edge y) => edge.IsConstant && edge.Length == y.Last() && edge.Last() == y.Last();

    static (Edge Over, Edge Under)? Quotient(Edge edge)
    {
        if (edge.Is("Div") && edge.Producer!.Inputs is [{ } over, { } under])
            return (over.Skip(), under.Skip());
        if (edge.Two("Mul") is not var (a, b))
            return null;
        (a, b) = (a.Skip(), b.Skip());
        return b.Is("Reciprocal") ? (a, b.Producer!.In(0).Skip()) : a.Is("Reciprocal") ? (b, a.Producer!.In(0).Skip()) : null;
    }

    static Edge? Centred(Edge edge) =>
        edge.Is("Sub") && edge.Producer!.Inputs is [{ } a, { } b] && a.Skip() is var x && Mean(b.Skip()) == x ? x : null;

    static Edge? Squared(Edge edge) => edge.Producer switch
    {
        { Op: "Pow", Inputs: [{ } x, { Number: 2 }] } => x.Skip(),
        { Op: "Mul", Inputs: [{ } a, { } b] } when a.Skip() == b.Skip() => a.Skip(),
        _ => null,
    };

    static Edge? Mean(Edge edge) =>
        edge.Is("ReduceMean") && edge.Producer is { } node && node.In(0) is var x && node.Ints("axes", 1) is [var axis] && node.Axis(axis, x.Rank) == x.Rank - 1 ? x.Skip() : null;
}

/// <summary>Sums with a number.</summary>
internal static class EpsilonPattern
{
    /// <summary>What a small number is added to, and the number.</summary>
    public static (Edge Other, double Epsilon)? WithEpsilon(this Edge edge) =>
        edge.WithConstant("Add") is { } sum && sum.Constant.Number is >= 0 and < 1 and var epsilon ? (sum.Other.Skip(), epsilon) : null;
}
