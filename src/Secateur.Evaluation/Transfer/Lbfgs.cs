namespace Secateur.Evaluation.Transfer;

/// <summary>Minimises a smooth function by its gradients (Liu and Nocedal, "On the Limited Memory BFGS Method for Large Scale Optimization",
/// Mathematical Programming 1989; two-loop recursion of Nocedal and Wright, "Numerical Optimization", Algorithm 7.4).</summary>
internal static class Lbfgs
{
    /// <summary>Steps that are remembered.</summary>
    const int Memory = 10;

    const double Decrease = 1e-4;

    /// <summary>A function: writes its gradient at a point, and returns its value there.</summary>
    internal delegate double Function(ReadOnlySpan<double> point, Span<double> gradient);

    /// <summary>Minimises.</summary>
    /// <param name="function">Bounded below.</param>
    /// <param name="point">Where to start; replaced by the minimum.</param>
    /// <param name="steps">At most.</param>
    /// <param name="tolerance">The largest part of a gradient that counts as none.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The value there.</returns>
    public static double Minimise(Function function, double[] point, int steps = 200, double tolerance = 1e-6, CancellationToken cancellation = default)
    {
        var gradient = new double[point.Length];
        double value = function(point, gradient);
        List<(double[] Step, double[] Change, double Curvature)> memory = [];
        for (int i = 0; i < steps && gradient.Max(Math.Abs) > tolerance; i++)
        {
            cancellation.ThrowIfCancellationRequested();

            // 1. Downhill, bent by the curvature of the last steps.
            double[] direction = Direction(gradient, memory);
            double slope = Dot(direction, gradient);

            // 2. As far as it pays: halved until the value falls enough.
            double[] next = new double[point.Length], nextGradient = new double[point.Length];
            double nextValue = 0, length = memory.Count == 0 ? Math.Min(1, 1 / Math.Sqrt(Dot(gradient, gradient))) : 1;
            bool falls = false;
            for (int half = 0; half < 40 && !falls; half++, length /= 2)
            {
                for (int j = 0; j < next.Length; j++)
                    next[j] = point[j] + (length * direction[j]);
                nextValue = function(next, nextGradient);
                falls = nextValue <= value + (Decrease * length * slope);
            }

            if (!falls)
                break;

            // 3. What was learned of the curvature.
            double[] step = [.. next.Zip(point, (a, b) => a - b)], change = [.. nextGradient.Zip(gradient, (a, b) => a - b)];
            if (Dot(step, change) is var curvature && curvature > 1e-12 * Dot(change, change))
                memory.Add((step, change, curvature));
            if (memory.Count > Memory)
                memory.RemoveAt(0);
            next.CopyTo(point, 0);
            (gradient, value) = (nextGradient, nextValue);
        }

        return value;
    }

    static double[] Direction(double[] gradient, List<(double[] Step, double[] Change, double Curvature)> memory)
    {
        double[] direction = [.. gradient.Select(g => -g)];
        var parts = new double[memory.Count];
        for (int i = memory.Count - 1; i >= 0; i--)
            Add(-(parts[i] = Dot(memory[i].Step, direction) / memory[i].Curvature), memory[i].Change, direction);
        if (memory.Count > 0)
        {
            double scale = memory[^1].Curvature / Dot(memory[^1].Change, memory[^1].Change);
            for (int j = 0; j < direction.Length; j++)
                direction[j] *= scale;
        }

        for (int i = 0; i < memory.Count; i++)
            Add(parts[i] - (Dot(memory[i].Change, direction) / memory[i].Curvature), memory[i].Step, direction);
        return direction;
    }

    static void Add(double factor, double[] from, double[] to)
    {
        for (int j = 0; j < to.Length; j++)
            to[j] += factor * from[j];
    }

    static double Dot(double[] x, double[] y)
    {
        double sum = 0;
        for (int j = 0; j < x.Length; j++)
            sum += x[j] * y[j];
        return sum;
    }
}
