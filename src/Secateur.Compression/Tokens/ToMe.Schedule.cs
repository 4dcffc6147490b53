using System.Collections.Immutable;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens;

/// <content>How many tokens merge in each block.</content>
public sealed partial class ToMe
{
    const int PublishedDepth = 12;
    const int PublishedPatches = 196;

    /// <summary>A schedule that rises or falls evenly from block to block: from r (1 - inflect) to r (1 + inflect), whole parts taken.</summary>
    /// <param name="depth">Blocks of the network.</param>
    /// <param name="r">Tokens that merge in a block, on average.</param>
    /// <param name="inflect">In [-1, 1]: 0 is the same in every block, -1 falls to nothing, 1 rises from nothing.</param>
    /// <returns>How many merge in each block, [depth].</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static int[] Schedule(int depth, int r, double inflect = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(depth);
        ArgumentOutOfRangeException.ThrowIfNegative(r);
        if (!(inflect is >= -1 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(inflect), inflect, "A schedule inflects by -1 to 1.");
        int first = (int)(r * (1 - inflect)), last = (2 * r) - first;
        double step = (last - first) / (double)Math.Max(1, depth - 1);
        return depth == 1 ? [r] : [.. Enumerable.Range(0, depth).Select(block => (int)(first + (step * block)))];
    }

    /// <summary>A schedule that says every block's number; nothing merges in blocks that it does not reach.</summary>
    /// <param name="depth">Blocks of the network.</param>
    /// <param name="counts">At most one a block.</param>
    /// <returns>How many merge in each block, [depth].</returns>
    /// <exception cref="ArgumentException">There are more counts than blocks, or one is negative.</exception>
    public static int[] Schedule(int depth, ReadOnlySpan<int> counts)
    {
        if (counts.Length > depth)
            throw new ArgumentException($"A schedule of {counts.Length} blocks does not fit a network of {depth}.", nameof(counts));
        foreach (int count in counts)
            if (count < 0)
                throw new ArgumentException($"{count} tokens cannot merge; a schedule says 0 or more for each block.", nameof(counts));
        return [.. counts, .. new int[depth - counts.Length]];
    }

    /// <summary>A plan that merges so many tokens in each block, between attention and MLP; never more than a block can (<see cref="MostToRemove"/>).</summary>
    /// <param name="name">For people: in tables and pictures.</param>
    /// <param name="schedule">Of <see cref="Schedule(int, int, double)"/>, one number a block.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <returns>The plan; blocks in which nothing merges have no stage.</returns>
    public static TokenPlan Plan(string name, ReadOnlySpan<int> schedule, ToMeOptions? options = null)
    {
        var reducer = new ToMe(options);
        var stages = ImmutableArray.CreateBuilder<TokenStage>();
        for (int block = 0; block < schedule.Length; block++)
            if (schedule[block] > 0)
                stages.Add(new(block, TokenPosition.AfterAttention, reducer) { Remove = schedule[block] });
        return new(name, stages.ToImmutable());
    }

    /// <summary>So many tokens in every one of 12 blocks over 196 patches, on average; in other networks the same share of the patches over all blocks.</summary>
    internal static TokenPlan Constant(string name, int depth, int patches, double r) => Plan(name, TokenPlaces.Spread(depth, Scaled(depth, patches, r)));

    /// <summary>The same share as <see cref="Constant"/>, rising or falling.</summary>
    internal static TokenPlan Inflected(string name, int depth, int patches, int r, double inflect) =>
        Plan(name, Schedule(depth, (int)Math.Round(Scaled(depth, patches, r)), inflect));

    static double Scaled(int depth, int patches, double r) => r * PublishedDepth / depth * patches / PublishedPatches;
}
