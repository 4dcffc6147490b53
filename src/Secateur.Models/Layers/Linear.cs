using Secateur.Kernels;
using Secateur.Models.Checkpoints;

namespace Secateur.Models.Layers;

/// <summary>y = x w^T + b.</summary>
internal sealed class Linear
{
    PackedMatrix? weight;
    float[]? bias;
    PackedMatrix? turned;

    /// <summary>Whether the checkpoint has it.</summary>
    public bool Exists => weight is not null;

    public int Inputs => weight!.Inputs;

    public int Outputs => weight!.Outputs;

    public void Visit(WeightVisitor visitor, string name, int outputs, int inputs, bool optional = false)
    {
        visitor.Matrix($"{name}.weight", ref weight, outputs, inputs, optional);
        if (weight is not null)
            visitor.Vector($"{name}.bias", ref bias, [weight.Outputs], optional: true);
    }

    /// <summary>y = residual + scale * activation(x w^T + b).</summary>
    public void Run(Engine engine, Matrix x, Matrix y, Activation activation = Activation.None, float[]? scale = null, Matrix? residual = null) =>
        engine.Kernels.Multiply(engine.Threads, x, weight!, y, new Epilogue { Bias = bias, Activation = activation, Scale = scale, Residual = residual });

    /// <summary>result = residual + (scale * gradient) w: from the gradient of y to that of x. The weight turned round is packed when it is
    /// first asked for, the scale, which must always be the same, worked in.</summary>
    public void RunBack(Engine engine, Matrix gradient, Matrix result, float[]? scale = null, Matrix? residual = null) =>
        engine.Kernels.Multiply(engine.Threads, gradient, Turned(engine, scale), result, new Epilogue { Residual = residual });

    PackedMatrix Turned(Engine engine, float[]? scale)
    {
        if (Volatile.Read(ref turned) is { } there)
            return there;
        float[] values = new float[Outputs * Inputs], columns = new float[values.Length];
        weight!.Unpack(values);
        for (int o = 0; o < Outputs; o++)
            for (int i = 0; i < Inputs; i++)
                columns[(i * Outputs) + o] = values[(o * Inputs) + i] * (scale?[o] ?? 1);
        return Interlocked.CompareExchange(ref turned, engine.Kernels.Pack(columns, Inputs, Outputs), null) ?? turned;
    }
}
