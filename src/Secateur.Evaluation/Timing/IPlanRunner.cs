using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Evaluation.Timing;

/// <summary>A network in some runtime, which runs under plans.</summary>
public interface IPlanRunner
{
    /// <summary>What runs it: "secateur", "onnxruntime 1.30.0, cpu".</summary>
    string Runtime { get; }

    /// <summary>How long its threads may stay awake after a run, ready for the next one and at the cost of whatever else runs; 0 where they rest at once.</summary>
    TimeSpan StaysAwake => TimeSpan.Zero;

    /// <summary>Gets ready for a plan: whatever a run must not spend its time on.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="batch">Pictures in a run.</param>
    /// <param name="inputs">What it will be run on, each normalised pictures, [batch, channels, height, width].</param>
    /// <returns>A run, told which of the inputs is its own.</returns>
    Action<int> Ready(TokenPlan plan, int batch, IReadOnlyList<float[]> inputs);
}

/// <summary>A network in this program's engine.</summary>
/// <param name="network">The network.</param>
public sealed class EngineRunner(VisionTransformer network) : IPlanRunner
{
    /// <inheritdoc/>
    public string Runtime => "secateur";

    /// <inheritdoc/>
    public Action<int> Ready(TokenPlan plan, int batch, IReadOnlyList<float[]> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var logits = new float[checked(batch * network.Classes)];
        return input => network.Run(inputs[input], batch, logits, plan, cancellation: CancellationToken.None);
    }
}
