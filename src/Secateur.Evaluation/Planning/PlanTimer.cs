using Secateur.Evaluation.Datasets;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Evaluation.Planning;

/// <summary>Times plans in turn with the dense network, on real pictures, since what adaptive plans do depends on them.</summary>
public sealed class PlanTimer
{
    /// <summary>Batches that take turns.</summary>
    const int Batches = 8;

    readonly VisionTransformer network;
    readonly int batch;
    readonly float[][] inputs;
    readonly float[] logits;

    /// <summary>Reads the pictures.</summary>
    /// <param name="network">The network.</param>
    /// <param name="pictures">Those that are not enough for a batch are used again.</param>
    /// <param name="batch">Pictures in a run.</param>
    public PlanTimer(VisionTransformer network, IPictureSet pictures, int batch)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        (this.network, this.batch) = (network, batch);
        inputs = new float[Math.Clamp(pictures.Count / batch, 1, Batches)][];
        logits = new float[batch * network.Classes];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = new float[batch * pictures.InputLength];
            for (int b = 0; b < batch; b++)
                pictures.Read(((i * batch) + b) % pictures.Count, inputs[i].AsSpan(b * pictures.InputLength, pictures.InputLength));
        }
    }

    /// <summary>Times a plan; both see the same pictures in a round.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="rounds">How often.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The dense network first, the plan second.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public SideBySide Measure(TokenPlan plan, int rounds, CancellationToken cancellation)
    {
        int one = 0, other = 0;
        return SideBySide.Measure(
            () => network.Run(inputs[one++ % inputs.Length], batch, logits),
            () => network.Run(inputs[other++ % inputs.Length], batch, logits, plan),
            rounds, cancellation: cancellation);
    }
}
