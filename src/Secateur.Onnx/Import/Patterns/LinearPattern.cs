namespace Secateur.Onnx.Import.Patterns;

/// <summary>y = x w^T + b: Gemm, or MatMul with Add or without; the weight stored as [outputs, inputs] or the other way round.</summary>
/// <param name="Input">x, [.., inputs].</param>
/// <param name="Weight">The constant matrix.</param>
/// <param name="InputsFirst">Whether it is [inputs, outputs].</param>
/// <param name="Bias">[outputs]; null where there is none.</param>
internal sealed record LinearPattern(Edge Input, Edge Weight, bool InputsFirst, Edge? Bias)
{
    /// <summary>Columns of x.</summary>
    public int Inputs => Weight.Last(InputsFirst ? 2 : 1);

    /// <summary>Columns of y.</summary>
    public int Outputs => Weight.Last(InputsFirst ? 1 : 2);

    /// <summary>Matches; null where y is no such product.</summary>
    public static LinearPattern? Of(Edge y)
    {
        y = y.Skip();
        if (y.Is("Gemm") && y.Producer is { } gemm)
        {
            bool plain = gemm.Float("alpha", 1) == 1 && gemm.Float("beta", 1) == 1 && gemm.Int("transA", 0) == 0 && !gemm.In(0).IsConstant && gemm.In(1).IsConstant;
            return plain && Fits(gemm.Maybe(2), y) ? new(gemm.In(0), gemm.In(1), gemm.Int("transB", 0) == 0, gemm.Maybe(2)) : null;
        }

        if (y.WithConstant("Add") is { } sum)
            return Of(sum.Other) is { Bias: null } product && sum.Constant.Length == product.Outputs && Fits(sum.Constant, y) ? product with { Bias = sum.Constant } : null;
        return y.Is("MatMul") && y.Producer is { } node && !node.In(0).IsConstant && node.In(1) is { IsConstant: true, Rank: 2 } ? new(node.In(0), node.In(1), true, null) : null;
    }

    /// <summary>The weight, [outputs, inputs].</summary>
    public float[] ReadWeight()
    {
        float[] stored = Weight.Floats() ?? throw Weight.Expected("a stored weight");
        if (!InputsFirst)
            return stored;
        var turned = new float[stored.Length];
        for (int i = 0; i < Inputs; i++)
            for (int o = 0; o < Outputs; o++)
                turned[(o * Inputs) + i] = stored[(i * Outputs) + o];
        return turned;
    }

    /// <summary>The bias; null where there is none.</summary>
    public float[]? ReadBias() => Bias is null ? null : Bias.Floats() ?? throw Bias.Expected("a stored bias");

    static bool Fits(Edge? bias, Edge y) => bias is null || (bias.IsConstant && bias.Length == y.Last() && bias.Last() == y.Last());
}
