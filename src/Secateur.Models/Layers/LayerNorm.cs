using Secateur.Kernels;
using Secateur.Models.Checkpoints;

namespace Secateur.Models.Layers;

/// <summary>Layer normalisation with its weights.</summary>
internal sealed class LayerNorm(float epsilon)
{
    float[]? scale;
    float[]? shift;

    /// <summary>Whether the checkpoint has it.</summary>
    public bool Exists => scale is not null;

    public void Visit(WeightVisitor visitor, string name, int width, bool optional = false)
    {
        visitor.Vector($"{name}.weight", ref scale, [width], optional);
        if (scale is not null)
            visitor.Vector($"{name}.bias", ref shift, [width]);
    }

    /// <summary>y may be x.</summary>
    public void Run(Engine engine, Matrix x, Matrix y) => engine.Kernels.LayerNorm(engine.Threads, x, scale!, shift!, epsilon, y);

    /// <summary>result = residual + the gradient with respect to x; result may be either of them.</summary>
    public void RunBack(Engine engine, Matrix x, Matrix gradient, Matrix? residual, Matrix result) =>
        engine.Kernels.Backward.LayerNorm(engine.Threads, x, scale!, epsilon, gradient, residual, result);
}
