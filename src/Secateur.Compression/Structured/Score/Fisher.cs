using Secateur.Kernels;

namespace Secateur.Compression.Structured.Score;

/// <summary>The diagonal of the Fisher information of masks (Kwon et al., "A Fast Post-Training Pruning Framework for Transformers", NeurIPS 2022,
/// section 4.1, equation 6): squares of the loss's gradients with respect to masks of heads and neurons, summed over the data.</summary>
/// <remarks>Cross-entropy to the labels where they are known, otherwise to the network's own likeliest answers.</remarks>
/// <param name="batches">Whether gradients are summed over each batch of the calibration before they are squared, as in the released code (batches of 32);
/// default: every sequence is a sample of its own, as in the paper's equation.</param>
public sealed class Fisher(bool batches = false) : IScorer
{
    /// <inheritdoc/>
    public UnitScores Score(Calibration calibration, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        float[][] heads = [.. calibration.Network.Blocks.Select(block => new float[block.Heads])], neurons = [.. calibration.Network.Blocks.Select(block => new float[block.Neurons])];
        TaskGradients.Of(calibration.Network, calibration.Batches, Add, progress, cancellation);
        return new(heads, neurons);

        void Add(int block, Matrix ofHeads, Matrix ofNeurons)
        {
            AddSquares(heads[block], ofHeads);
            AddSquares(neurons[block], ofNeurons);
        }

        void AddSquares(float[] scores, Matrix gradients)
        {
            for (int s = 0; batches && s + 1 < gradients.Rows; s++)
                for (int i = 0; i < scores.Length; i++)
                    gradients.Row(s + 1)[i] += gradients.Row(s)[i];
            for (int s = batches ? gradients.Rows - 1 : 0; s < gradients.Rows; s++)
                for (int i = 0; i < scores.Length; i++)
                    scores[i] += gradients.Row(s)[i] * gradients.Row(s)[i];
        }
    }
}
