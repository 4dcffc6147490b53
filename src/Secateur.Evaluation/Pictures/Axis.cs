namespace Secateur.Evaluation.Pictures;

/// <summary>Puts numbers on a line of pixels, with round numbers to mark it.</summary>
/// <param name="From">The number at the beginning.</param>
/// <param name="To">The number at the end; larger.</param>
/// <param name="Start">Its pixel.</param>
/// <param name="End">Its pixel.</param>
internal readonly record struct Axis(double From, double To, double Start, double End)
{
    /// <summary>The pixel of a number.</summary>
    public double this[double number] => Start + ((number - From) / (To - From) * (End - Start));

    /// <summary>Round numbers on the axis: 1, 2 or 5 times a power of ten apart.</summary>
    /// <param name="about">How many are wanted at most.</param>
    public double[] Ticks(int about)
    {
        double step = Step(About(about)), first = Math.Ceiling(From / step);
        return [.. Enumerable.Range(0, (int)(Math.Floor(To / step) - first) + 1).Select(i => (first + i) * step)];

        static double Step(double least)
        {
            double power = Math.Pow(10, Math.Floor(Math.Log10(least)));
            foreach (int times in (ReadOnlySpan<int>)[1, 2, 5])
                if (times * power >= least * (1 - 1e-9))
                    return times * power;
            return 10 * power;
        }
    }

    double About(int count) => (To - From) / count;
}
