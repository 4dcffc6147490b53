using Secateur.Compression.Structured.Correct;
using Secateur.Kernels;

namespace Secateur.Tests.Structured;

public sealed class ScaleEquationsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(101)]
    public void Conjugate_gradients_solve_what_a_matrix_yields(int n)
    {
        var random = new Random(n);
        double[] root = Draw(n * n), expected = Draw(n), matrix = new double[n * n], right = new double[n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                matrix[(i * n) + j] = Enumerable.Range(0, n).Sum(k => root[(i * n) + k] * root[(j * n) + k]);
        for (int i = 0; i < n; i++)
            right[i] = (0.5 * expected[i]) + Enumerable.Range(0, n).Sum(j => matrix[(i * n) + j] * expected[j]);
        double[] found = ConjugateGradients.Solve(matrix, right, 0.5);
        for (int i = 0; i < n; i++)
            Assert.Equal(expected[i], found[i], 1e-6); // condition about n^2

        double[] Draw(int length) => [.. Enumerable.Range(0, length).Select(_ => (random.NextDouble() * 2) - 1)];
    }

    [Fact]
    public void Units_on_which_nothing_depends_stay_at_one()
    {
        var equations = new ScaleEquations(Threads.Inline, [1, 0, 0, 0], 2, 1);
        equations.Add(Rows([1, 3], [2, 4]), Rows([2, 0], [4, 0]));
        (double[] scales, _) = equations.Solve(1e-9, 10, intercept: false, insist: false)!.Value;
        Assert.Equal(2, scales[0], 1e-6);
        Assert.Equal(1, scales[1]);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public void Scales_and_constant_that_made_a_target_are_found_again(int unitColumns, bool intercept)
    {
        const int Units = 4, Width = 5;
        int columns = Units * unitColumns;
        var random = new Random(1);
        float[] weight = [.. Enumerable.Range(0, Width * columns).Select(_ => Next())], scales = [0.5f, 1.5f, -2, 1], constant = [.. Enumerable.Range(0, Width).Select(_ => intercept ? Next() : 0)];
        var equations = new ScaleEquations(Threads.Inline, weight, Width, unitColumns);
        for (int batch = 0; batch < 3; batch++)
        {
            Matrix activations = Matrix.Allocate(20, columns), target = Matrix.Allocate(20, Width);
            for (int i = 0; i < 20; i++)
            {
                for (int j = 0; j < columns; j++)
                    activations.Row(i)[j] = Next() + 0.3f;
                for (int c = 0; c < Width; c++)
                {
                    target.Row(i)[c] = constant[c];
                    for (int j = 0; j < columns; j++)
                        target.Row(i)[c] += scales[j / unitColumns] * activations.Row(i)[j] * weight[(c * columns) + j];
                }
            }

            equations.Add(activations, target);
        }

        (double[] found, double[] rest) = equations.Solve(1e-9, 10, intercept, insist: false)!.Value;
        for (int i = 0; i < Units; i++)
            Assert.Equal(scales[i], found[i], 1e-4); // sums of float32
        for (int c = 0; c < Width; c++)
            Assert.Equal(constant[c], rest[c], 1e-4);

        float Next() => (float)(random.NextDouble() * 2) - 1;
    }

    [Fact]
    public void Scales_beyond_the_limit_are_refused_or_pulled_back_by_damping()
    {
        var equations = new ScaleEquations(Threads.Inline, [1], 1, 1);
        equations.Add(Rows([1], [2]), Rows([50], [100]));
        Assert.Null(equations.Solve(1e-3, 10, intercept: false, insist: false));
        Assert.InRange(equations.Solve(1e-3, 10, intercept: false, insist: true)!.Value.Scales[0], 1, 10);
    }

    static Matrix Rows(params float[][] rows)
    {
        Matrix matrix = Matrix.Allocate(rows.Length, rows[0].Length);
        for (int i = 0; i < rows.Length; i++)
            rows[i].CopyTo(matrix.Row(i));
        return matrix;
    }
}
