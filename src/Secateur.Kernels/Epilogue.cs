namespace Secateur.Kernels;

/// <summary>What follows a matrix product before it is stored: <c>residual + scale * activation(product + bias)</c>; each part may be absent.</summary>
public readonly struct Epilogue
{
    /// <summary>Added to every row, [columns].</summary>
    public float[]? Bias { get; init; }

    /// <summary>Applied after the bias.</summary>
    public Activation Activation { get; init; }

    /// <summary>Multiplied into every row after the activation (LayerScale), [columns].</summary>
    public float[]? Scale { get; init; }

    /// <summary>Added last, [rows, columns]; may be the output itself.</summary>
    public Matrix? Residual { get; init; }
}
