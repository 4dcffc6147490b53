using Secateur.Kernels;

namespace Secateur.Compression.Structured.Score;

/// <summary>How much the loss of a sequence would change without the unit, to first order (Molchanov et al., "Importance Estimation for Neural Network
/// Pruning", CVPR 2019, section 3.1; for heads Michel et al., "Are Sixteen Heads Really Better than One?", NeurIPS 2019, section 4.1): the mean over
/// sequences of |gradient of the loss with respect to a mask of the unit|, which is |sum over tokens of activation times gradient|.</summary>
/// <remarks>Cross-entropy to the labels where they are known, otherwise to the network's own likeliest answers. Heads are not scaled layer by layer as Michel et al. suggest, so that blocks compare.</remarks>
public sealed class Taylor : IScorer
{
    /// <inheritdoc/>
    public UnitScores Score(Calibration calibration, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        float[][] heads = [.. calibration.Network.Blocks.Select(block => new float[block.Heads])], neurons = [.. calibration.Network.Blocks.Select(block => new float[block.Neurons])];
        float part = 1f / calibration.Batches.Sum(batch => batch.Tokens.Sequences);
        TaskGradients.Of(calibration.Network, calibration.Batches, Add, progress, cancellation);
        return new(heads, neurons);

        void Add(int block, Matrix ofHeads, Matrix ofNeurons)
        {
            AddTo(heads[block], ofHeads);
            AddTo(neurons[block], ofNeurons);
        }

        void AddTo(float[] scores, Matrix gradients)
        {
            for (int s = 0; s < gradients.Rows; s++)
                for (int i = 0; i < scores.Length; i++)
                    scores[i] += part * Math.Abs(gradients.Row(s)[i]);
        }
    }
}
