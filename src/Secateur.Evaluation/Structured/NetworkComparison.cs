using Secateur.Evaluation.Accuracy;
using Secateur.Evaluation.Timing;
using Secateur.Models;

namespace Secateur.Evaluation.Structured;

/// <summary>How two networks answer the same examples.</summary>
public sealed record NetworkComparison
{
    const int Batch = 32;

    /// <summary>How many answers were compared.</summary>
    public required int Answers { get; init; }

    /// <summary>On how many both answer the same class; null for networks that answer no classes.</summary>
    public Proportion? Same { get; init; }

    /// <summary>Right answers of the dense network; null without labels.</summary>
    public Proportion? DenseRight { get; init; }

    /// <summary>Right answers of the other.</summary>
    public Proportion? Right { get; init; }

    /// <summary>The part of right answers that is lost, with its 95% interval (<see cref="PairedDifference"/>).</summary>
    public Estimate? Lost { get; init; }

    /// <summary>KL of the other's probabilities from the dense network's, nats, in the mean; null for networks that answer no classes.</summary>
    public double? Divergence { get; init; }

    /// <summary>Pearson's correlation of all numbers that both answer; it says most where they are features or a grade.</summary>
    public required double Correlation { get; init; }

    /// <summary>Runs both.</summary>
    /// <param name="dense">The one.</param>
    /// <param name="other">The other.</param>
    /// <param name="examples">What both answer.</param>
    /// <param name="which">Indices of examples.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The comparison.</returns>
    /// <exception cref="InvalidDataException">None can be read.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static NetworkComparison Measure(
        Transformer dense, Transformer other, IExamples examples, IReadOnlyList<int> which, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dense);
        ArgumentNullException.ThrowIfNull(other);
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(which);
        var tally = new Tally(dense.Classes, dense.AnswerKind == AnswerKind.Classes);
        for (int from = 0; from < which.Count; from += Batch)
        {
            cancellation.ThrowIfCancellationRequested();
            ExampleBatch batch = examples.Read(which.Skip(from).Take(Batch));
            if (batch.Count > 0)
                tally.Add(batch.Run(dense), batch.Run(other), batch.Labels.AsSpan());
            progress?.Report(Math.Min(which.Count, from + Batch));
        }

        return tally.Answers > 0 ? tally.Result(examples.Labelled) : throw new InvalidDataException($"{examples.Name}: none of the {examples.What} can be read.");
    }

    sealed class Tally(int classes, bool classifies)
    {
        int same, denseRight, right, lost, gained;
        double divergence, x, y, xx, yy, xy, numbers;

        public int Answers { get; private set; }

        public void Add(ReadOnlySpan<float> first, ReadOnlySpan<float> second, ReadOnlySpan<int> labels)
        {
            for (int i = 0; i < first.Length; i++)
            {
                (double a, double b) = (first[i], second[i]);
                (x, y, xx, yy, xy, numbers) = (x + a, y + b, xx + (a * a), yy + (b * b), xy + (a * b), numbers + 1);
            }

            int answers = first.Length / classes;
            Answers += answers;
            for (int i = 0; i < answers && classifies; i++)
                Compare(first.Slice(i * classes, classes), second.Slice(i * classes, classes), answers == labels.Length ? labels[i] : -1);
        }

        void Compare(ReadOnlySpan<float> dense, ReadOnlySpan<float> other, int label)
        {
            int a = Best(dense), b = Best(other);
            same += a == b ? 1 : 0;
            denseRight += a == label ? 1 : 0;
            right += b == label ? 1 : 0;
            lost += a == label && b != label ? 1 : 0;
            gained += a != label && b == label ? 1 : 0;
            double denseTotal = LogSum(dense, dense[a]), otherTotal = LogSum(other, other[b]);
            for (int c = 0; c < classes; c++)
                divergence += Math.Exp(dense[c] - denseTotal) * (dense[c] - denseTotal - (other[c] - otherTotal));
        }

        public NetworkComparison Result(bool labelled)
        {
            double spread = Math.Sqrt(((xx * numbers) - (x * x)) * ((yy * numbers) - (y * y)));
            bool judged = labelled && classifies;
            return new()
            {
                Answers = Answers,
                Same = classifies ? new(same, Answers) : null,
                DenseRight = judged ? new(denseRight, Answers) : null,
                Right = judged ? new(right, Answers) : null,
                Lost = judged ? PairedDifference.Of(lost, gained, Answers) : null,
                Divergence = classifies ? divergence / Answers : null,
                Correlation = spread > 0 ? ((xy * numbers) - (x * y)) / spread : 0,
            };
        }

        static int Best(ReadOnlySpan<float> logits)
        {
            int best = 0;
            for (int c = 1; c < logits.Length; c++)
                if (logits[c] > logits[best])
                    best = c;
            return best;
        }

        static double LogSum(ReadOnlySpan<float> logits, double largest)
        {
            double sum = 0;
            foreach (float logit in logits)
                sum += Math.Exp(logit - largest);
            return largest + Math.Log(sum);
        }
    }
}
