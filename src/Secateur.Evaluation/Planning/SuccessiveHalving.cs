using System.Collections.Immutable;

namespace Secateur.Evaluation.Planning;

/// <summary>Successive halving (Jamieson and Talwalkar, "Non-stochastic Best Arm Identification and Hyperparameter Optimization", 2016):
/// everybody is judged on a few pictures, the better half on twice as many, and so on, until those who are left have seen all.</summary>
public static class SuccessiveHalving
{
    /// <summary>How many candidates there are in each round, and how many pictures each of them has seen at its end.</summary>
    /// <param name="candidates">At the start.</param>
    /// <param name="finalists">At the end.</param>
    /// <param name="images">That finalists see.</param>
    /// <returns>Candidates fall by half (rounded up), pictures double.</returns>
    public static ImmutableArray<(int Candidates, int Images)> Rounds(int candidates, int finalists, int images)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(finalists);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(images);
        List<int> falling = [candidates];
        while (falling[^1] > finalists)
            falling.Add(Math.Max(finalists, (falling[^1] + 1) / 2));
        return [.. falling.Select((count, round) => (count, Math.Max(1, images >> (falling.Count - 1 - round))))];
    }

    /// <summary>Finds the best.</summary>
    /// <param name="candidates">All of them.</param>
    /// <param name="rounds">From <see cref="Rounds"/>.</param>
    /// <param name="judge">Judges a candidate on more pictures, up to this number in all.</param>
    /// <param name="rank">Orders candidates, the best first.</param>
    /// <returns>The finalists, the best first.</returns>
    public static ImmutableArray<T> Run<T>(
        IEnumerable<T> candidates, ImmutableArray<(int Candidates, int Images)> rounds, Func<T, int, T> judge, Func<IEnumerable<T>, IEnumerable<T>> rank)
    {
        ArgumentNullException.ThrowIfNull(judge);
        ArgumentNullException.ThrowIfNull(rank);
        ImmutableArray<T> left = [.. candidates];
        foreach ((int count, int images) in rounds)
            left = [.. rank(left).Take(count).Select(candidate => judge(candidate, images))];
        return [.. rank(left)];
    }
}
