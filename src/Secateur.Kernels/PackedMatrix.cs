namespace Secateur.Kernels;

/// <summary>A weight matrix in the order the matrix product reads it: panels of <see cref="PanelWidth"/> outputs, within a panel one
/// input after another, the last panel padded with zeros. Packed once at load.</summary>
public sealed class PackedMatrix
{
    /// <summary>Packs <paramref name="weight"/>.</summary>
    /// <param name="weight">[outputs, inputs] row-major, as checkpoints keep it.</param>
    /// <param name="outputs">Columns of the product.</param>
    /// <param name="inputs">Length of the inner sums.</param>
    /// <param name="panelWidth">Outputs in a panel.</param>
    /// <exception cref="ArgumentException">The span does not hold outputs * inputs floats.</exception>
    public PackedMatrix(ReadOnlySpan<float> weight, int outputs, int inputs, int panelWidth)
    {
        if (weight.Length != (long)outputs * inputs)
            throw new ArgumentException($"A weight of [{outputs}, {inputs}] needs {(long)outputs * inputs} floats, not {weight.Length}.", nameof(weight));
        (Outputs, Inputs, PanelWidth) = (outputs, inputs, panelWidth);
        Panels = (outputs + panelWidth - 1) / panelWidth;
        Data = new AlignedBuffer(checked(Panels * inputs * panelWidth));
        Span<float> packed = Data.Span;
        for (int output = 0; output < outputs; output++)
        {
            ReadOnlySpan<float> row = weight.Slice(output * inputs, inputs);
            int to = (output / panelWidth * inputs * panelWidth) + (output % panelWidth);
            for (int input = 0; input < inputs; input++)
                packed[to + (input * panelWidth)] = row[input];
        }
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
        ReadOnlySpan<float> packed = Data.Span;
        for (int output = 0; output < Outputs; output++)
        {
            int from = (output / PanelWidth * Inputs * PanelWidth) + (output % PanelWidth);
            Span<float> row = weight.Slice(output * Inputs, Inputs);
            for (int input = 0; input < Inputs; input++)
                row[input] = packed[from + (input * PanelWidth)];
        }
    }
}
