using Secateur.Compression.Structured;
using Secateur.Compression.Structured.Score.Optin;
using Secateur.Kernels;
using Secateur.Models;

namespace Secateur.Tests.Structured;

/// <summary>The parts of OPTIN's score, each against what it is in double precision.</summary>
public sealed class OptinLossTests
{
    [Theory]
    [InlineData(1, 5, 0.1)]
    [InlineData(64, 20, 0.1)]
    [InlineData(65, 7, 0.1)]
    [InlineData(150, 40, 1)]
    [InlineData(150, 40, 1e-3)]
    [InlineData(150, 40, 1e-6)]
    public void The_manifold_loss_is_the_squared_difference_of_the_gram_matrices_however_small(int rows, int width, double change)
    {
        var random = new Random(rows + width);
        (Matrix teacher, Matrix student) = (Matrix.Allocate(rows, width), Matrix.Allocate(rows, width));
        for (int i = 0; i < rows; i++)
            for (int c = 0; c < width; c++)
            {
                teacher.Row(i)[c] = (float)((random.NextDouble() - 0.5) / Math.Sqrt(width));
                student.Row(i)[c] = (float)(teacher.Row(i)[c] + (change * (random.NextDouble() - 0.5) / Math.Sqrt(width)));
            }

        double expected = PlainOptin.Manifold(teacher, student), actual = new ManifoldLoss(rows, width).Of(Threads.Inline, teacher, student);
        // Differences of the rows are exact or off by their last bit; so is each sum of products.
        Assert.Equal(1, actual / expected, 1e-5);
    }

    [Fact]
    public void Rows_that_stay_lose_nothing()
    {
        var rows = Matrix.Allocate(70, 12);
        for (int i = 0; i < rows.Rows; i++)
            rows.Row(i)[i % 12] = 1;
        Assert.Equal(0, new ManifoldLoss(70, 12).Of(Threads.Inline, rows, rows));
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(4, false)]
    public void The_divergence_of_logits_is_softened_by_the_temperature_and_in_the_released_code_only_multiplied(double temperature, bool softens)
    {
        float[] teacher = [1.5f, -2, 0.25f, 3], student = [1.25f, -1, 0.5f, 2];
        double expected = softens ? PlainOptin.Divergence(teacher, student, temperature) : temperature * temperature * PlainOptin.Divergence(teacher, student, 1);
        Assert.Equal(expected, AnswerLoss.Of(AnswerKind.Classes, teacher, student, temperature, softens), 1e-12);
        Assert.Equal(0, AnswerLoss.Of(AnswerKind.Classes, teacher, teacher, temperature, softens), 1e-12);
    }

    [Fact]
    public void Numbers_and_embeddings_move_by_squared_distances()
    {
        Assert.Equal(0.25, AnswerLoss.Of(AnswerKind.Numbers, [2], [1.5f], 4, true), 1e-12);
        Assert.Equal(5, AnswerLoss.Of(AnswerKind.Numbers, [2, 1, 0], [1, 1, 2], 4, true), 1e-12);
        Assert.Equal(2, AnswerLoss.Of(AnswerKind.Embedding, [3, 0], [0, 0.5f], 4, true), 1e-12);
        Assert.Equal(0, AnswerLoss.Of(AnswerKind.Embedding, [3, 0], [0.5f, 0], 4, true), 1e-12);
    }

    [Fact]
    public void A_score_is_the_sum_over_later_blocks_and_lambda_times_the_divergence()
    {
        UnitEffect unit = new([0, 1, 20, 300], 4000);
        UnitScores scores = OptinImportance.Of(new([[], [unit], [], [unit]], [[], [null], [], []]), new() { Lambda = 0.5, Balances = false }, language: true);
        Assert.Equal(2320, scores.Heads[1][0]);
        Assert.Equal(2000, scores.Heads[3][0]);
        Assert.Equal(0, scores.Neurons[1][0]);
    }

    [Fact]
    public void A_balanced_lambda_is_the_ratio_of_both_parts_over_all_units()
    {
        UnitLoss[][] heads = [[new(30, 0.5)], []], neurons = [[new(6, 0.1), new(4, 0)], [new(0, 0.4)]];
        UnitScores scores = OptinImportance.Of(heads, neurons, new() { Lambda = 0.5 });

        // 40 beside 1: the factor is 0.5 * 40.
        Assert.Equal([40], scores.Heads[0]);
        Assert.Equal([8, 4], scores.Neurons[0]);
        Assert.Equal([8], scores.Neurons[1]);
    }

    [Fact]
    public void The_released_code_brings_the_divergence_to_within_a_decade_of_its_part_and_remembers_the_scale()
    {
        // Manifold loss 500 and divergence 0.02 at lambda 0.1: e = log10(500 / 0.02) - 1 = 3.4, scale 1000; then 3e-5: e = 6.2, scale 10^6.
        // The third unit's divergence is the larger part: the mean of the two scales.
        UnitEffect?[][] blocks = [[new([7, 500], 0.02), new([7, 500], 3e-5), new([7, 2], 5)], [new([0, 3], 0)]];
        double[] plain = [500 + (0.02 * 1000), 500 + (3e-5 * 1e6), 2 + (5 * 500_500.0), 3];
        var language = new ReleasedImportance(language: true, 0.1);
        Close([plain[0] * 100, plain[1] * 10, plain[2]], language.OfNeurons(blocks)[0]);
        Close([plain[3] * 100 * 0.5], language.OfNeurons(blocks)[1]);
        Close([plain[0] * 10 * 0.5, plain[1] * Math.Sqrt(10) * 0.5, plain[2] * 0.5], language.OfHeads(blocks)[0]);
        Close([plain[3] * 10 * 0.25], language.OfHeads(blocks)[1]);
        var vision = new ReleasedImportance(language: false, 0.1);
        Close([plain[0], plain[1], plain[2]], vision.OfHeads(blocks)[0]);
        Close([plain[0], plain[1], 2 + 5], vision.OfNeurons(blocks)[0]);
        Close([plain[3] * 1e-4], vision.OfNeurons(blocks)[1]);

        static void Close(double[] expected, float[] actual) => Assert.All(expected.Zip(actual), pair => Assert.Equal(1, pair.Second / pair.First, 1e-6));
    }
}
