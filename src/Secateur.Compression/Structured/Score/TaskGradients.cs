using System.Collections.Immutable;
using Secateur.Kernels;
using Secateur.Models;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Structured.Score;

/// <summary>Gradients of the task's loss with respect to masks of heads and neurons: cross-entropy where answers are logits of two classes or more.
/// Labels where they are known; otherwise what the network itself is surest of, so that the loss asks that it keep its answers. Where answers are no
/// logits (regression, embeddings): half the squared error to the answer moved up or down by one in every number, by a seed, as a Gaussian model
/// would have drawn it.</summary>
internal static class TaskGradients
{
    /// <summary>Goes back through a network, batch after batch.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batches">What it looks at.</param>
    /// <param name="found">Told the gradients of one block for one batch: block, of heads [sequences, heads], of neurons [sequences, neurons].</param>
    /// <param name="progress">Told the part that is done, in [0, 1]; or null.</param>
    /// <param name="cancellation">Stops it.</param>
    public static void Of(
        Transformer network, ImmutableArray<CalibrationBatch> batches, Action<int, Matrix, Matrix> found, IProgress<double>? progress, CancellationToken cancellation)
    {
        var random = new Random(0);
        var seen = new BlockActivations();
        for (int i = 0; i < batches.Length; i++)
        {
            TokenRows tokens = batches[i].Tokens;
            var run = new CheckpointedRun(network, tokens, cancellation);
            Matrix answers = Matrix.Allocate(network.Answers(tokens), network.Classes), gradient = Matrix.Allocate(tokens.Count, network.Width);
            for (int a = 0; a < answers.Rows; a++)
            {
                run.Logits.AsSpan(a * network.Classes, network.Classes).CopyTo(answers.Row(a));
                if (network.AnswerKind == AnswerKind.Classes)
                    CrossEntropy(answers.Row(a), a < batches[i].Labels.Length ? batches[i].Labels[a] : -1);
                else
                    foreach (ref float value in answers.Row(a))
                        value = random.Next(2) == 0 ? 1 : -1;
            }

            network.HeadBackward(run.Last, answers, gradient);
            for (int block = network.Depth - 1; block >= 0; block--)
            {
                cancellation.ThrowIfCancellationRequested();
                run.Look(block, seen);
                Matrix heads = Matrix.Allocate(tokens.Sequences, seen.Shape.Heads), neurons = Matrix.Allocate(tokens.Sequences, seen.Shape.Neurons);
                network.Backward(block, seen, gradient, block > 0 ? gradient : null, heads, neurons);
                found(block, heads, neurons);
            }

            progress?.Report((i + 1.0) / batches.Length);
        }
    }

    /// <summary>Logits become p - e, e one at the label.</summary>
    static void CrossEntropy(Span<float> logits, int label)
    {
        if ((uint)label >= (uint)logits.Length)
            for (int c = label = 0; c < logits.Length; c++)
                label = logits[c] > logits[label] ? c : label;
        KernelSet.Default.Softmax(logits);
        logits[label] -= 1;
    }
}
