namespace Secateur.Kernels;

/// <summary>A weight matrix in the order the matrix product reads it: panels of <see cref="PanelWidth"/> outputs, within a panel one
/// input after another, the last panel padded with zeros. Packed once at load.</summary>
public sealed unsafe class PackedMatrix
{
    /// <summary>Packs <paramref name="weight"/>.</summary>
    /// <param name="weight">[outputs, inputs] row-major, as checkpoints keep it.</param>
    /// <param name="outputs">Columns of the product.</param>
    /// <param name="inputs">Length of the inner sums.</param>
    /// <param name="panelWidth">Outputs in a panel.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative, or the width of a panel not positive.</exception>
    /// <exception cref="ArgumentException">The span does not hold outputs * inputs floats.</exception>
    public PackedMatrix(ReadOnlySpan<float> weight, int outputs, int inputs, int panelWidth)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(outputs);
        ArgumentOutOfRangeException.ThrowIfNegative(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(panelWidth);
        if (weight.Length != (long)outputs * inputs)
            throw new ArgumentException($"A weight of [{outputs}, {inputs}] needs {(long)outputs * inputs} floats, not {weight.Length}.", nameof(weight));
        (Outputs, Inputs, PanelWidth) = (outputs, inputs, panelWidth);
        Panels = (int)(((long)outputs + panelWidth - 1) / panelWidth);
        Data = new AlignedBuffer(checked(Panels * inputs * panelWidth));
        fixed (float* from = weight)
            for (int first = 0; first < outputs; first += panelWidth)
                Transpose.Run(from + ((nint)first * inputs), inputs, Math.Min(panelWidth, outputs - first), inputs, Data.Pointer + ((nint)first * inputs), panelWidth);
    }

    /// <summary>Columns of the product.</summary>
    public int Outputs { get; }

    /// <summary>Length of the inner sums.</summary>
    public int Inputs { get; }

    /// <summary>Outputs in a panel.</summary>
    public int PanelWidth { get; }

    /// <summary>Number of panels.</summary>
    public int Panels { get; }

    internal AlignedBuffer Data { get; }

    /// <summary>Writes the matrix back as checkpoints keep it, [outputs, inputs] row-major.</summary>
    /// <exception cref="ArgumentException">The span does not hold outputs * inputs floats.</exception>
    public void Unpack(Span<float> weight)
    {
        if (weight.Length != (long)Outputs * Inputs)
            throw new ArgumentException($"A weight of [{Outputs}, {Inputs}] needs {(long)Outputs * Inputs} floats, not {weight.Length}.", nameof(weight));
        fixed (float* to = weight)
            for (int first = 0; first < Outputs; first += PanelWidth)
                Transpose.Run(Data.Pointer + ((nint)first * Inputs), PanelWidth, Inputs, Math.Min(PanelWidth, Outputs - first), to + ((nint)first * Inputs), Inputs);
    }
}
