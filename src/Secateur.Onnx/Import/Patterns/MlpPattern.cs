using Secateur.Kernels;

namespace Secateur.Onnx.Import.Patterns;

/// <summary>activation(fc1(x)), or silu(gates of fc1(x)) * the other half: what an MLP's second product reads.</summary>
/// <param name="Input">x.</param>
/// <param name="Gates">The gates' columns; null where there are none.</param>
/// <param name="Neurons">The neurons' columns.</param>
/// <param name="Activation">What is applied to the neurons, or to the gates.</param>
internal sealed record MlpPattern(Edge Input, ColumnsOf? Gates, ColumnsOf Neurons, Activation Activation)
{
    /// <summary>Matches.</summary>
    /// <param name="hidden">What the second product reads.</param>
    /// <exception cref="Models.Checkpoints.CheckpointException">An operator does not fit; it is named.</exception>
    public static MlpPattern Of(Edge hidden)
    {
        Edge y = hidden.Skip();
        if (ActivationPattern.Of(y) is { } activation && Columns(activation.Input) is { } neurons)
            return new(neurons.Product.Input.Skip(), null, neurons, activation.Activation);
        if (y.Two("Mul") is var (a, b))
            foreach ((Edge gate, Edge value) in (ReadOnlySpan<(Edge, Edge)>)[(a, b), (b, a)])
                if (ActivationPattern.Of(gate) is { Activation: Activation.Silu } silu && Columns(silu.Input) is { } gates && Columns(value) is { } values
                    && gates.Product.Input.Skip() == values.Product.Input.Skip() && gates.Columns.Length == values.Columns.Length)
                    return new(gates.Product.Input.Skip(), gates, values, Activation.Silu);
        throw y.Expected("the end of an MLP's activation: GELU (exact, tanh or quick), SiLU, or SiLU times another half");
    }

    // The same columns of every token.
    static ColumnsOf? Columns(Edge edge)
    {
        HeadView view = HeadView.Of(edge);
        if (view.Scale != 1 || view.Shape.Length == 0 || LinearPattern.Of(view.Source) is not { } product)
            return null;
        int width = view.Shape[^1], rows = width == 0 ? 0 : (int)(Sizes.Product(view.Shape) / width);
        int[] columns = [.. Enumerable.Range(0, width).Select(c => view.At(c).Column)];
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < width; c++)
                if (view.At((r * width) + c) != (r, columns[c]))
                    return null;
        return new(product, columns);
    }
}
