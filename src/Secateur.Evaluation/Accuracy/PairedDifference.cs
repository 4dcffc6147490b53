using Secateur.Evaluation.Timing;

namespace Secateur.Evaluation.Accuracy;

/// <summary>How much accuracy is lost, from the same pictures seen by both networks, with the score interval of Tango (Statistics in Medicine 17, 1998).</summary>
/// <remarks>The interval holds every difference that the score test would not reject; at 0 that test is McNemar's, so that interval and test tell one
/// story. It keeps its level where this is used: few pictures change, and often none is gained; intervals that take the estimate's own variance shrink to a point there
/// (Newcombe, Statistics in Medicine 17, 1998, compares ten). No random numbers are drawn, and swapped sides negate it.</remarks>
public static class PairedDifference
{
    const double Z = 1.959963984540054;

    /// <summary>The difference of two proportions right.</summary>
    /// <param name="lost">Pictures that the first alone answers rightly.</param>
    /// <param name="gained">Pictures that the second alone answers rightly.</param>
    /// <param name="of">All pictures.</param>
    /// <returns>First minus second, in [-1, 1], with its 95% interval.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative, there are fewer pictures than they say, or none.</exception>
    public static Estimate Of(int lost, int gained, int of)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lost);
        ArgumentOutOfRangeException.ThrowIfNegative(gained);
        ArgumentOutOfRangeException.ThrowIfLessThan(of, Math.Max(1, lost + gained));
        return new((double)(lost - gained) / of, -Upper(gained, lost, of), Upper(lost, gained, of));
    }

    /// <summary>The largest difference that is not rejected.</summary>
    static double Upper(int b, int c, int n)
    {
        double low = (double)(b - c) / n, high = 1;
        for (int i = 0; i < 100 && low < high; i++)
        {
            double middle = (low + high) / 2;
            if (middle <= low || middle >= high)
                break;
            if (Score(b, c, n, middle) >= -Z)
                low = middle;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>How far the counts lie from a supposed difference, in standard deviations under it; falls as the difference grows.</summary>
    static double Score(double b, double c, double n, double difference)
    {
        // The likeliest part of pictures that the second alone answers rightly, given the difference: the root of 2n q^2 + linear q + constant = 0.
        double linear = -b - c + (((2 * n) - b + c) * difference), constant = -c * difference * (1 - difference);
        double root = Math.Sqrt(Math.Max(0, (linear * linear) - (8 * n * constant)));

        // The form without cancellation of the two that are equal.
        double q = linear <= 0 ? (root - linear) / (4 * n) : -2 * constant / (root + linear);
        double variance = n * ((2 * q) + (difference * (1 - difference)));
        double distance = b - c - (n * difference);
        return variance > 0 ? distance / Math.Sqrt(variance) : distance < 0 ? double.NegativeInfinity : 0;
    }
}
