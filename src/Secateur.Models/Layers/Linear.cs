using Secateur.Kernels;
using Secateur.Models.Checkpoints;

namespace Secateur.Models.Layers;

/// <summary>y = x w^T + b.</summary>
internal sealed class Linear
{
    PackedMatrix? weight;
    float[]? bias;

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
}
