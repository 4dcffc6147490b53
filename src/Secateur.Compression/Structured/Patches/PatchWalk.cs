using System.Collections.Immutable;

namespace Secateur.Compression.Structured.Patches;

/// <summary>From scores to how many patches enter each block (OPTIN, released code: <c>process_patch_mask</c>): patches go in the order of their
/// scores, the least important first; one that goes before a block is gone in all later ones.</summary>
/// <remarks>The released code sets a block's mask aside where it keeps no fewer patches than came through the blocks before, or a tenth at most, so
/// that more removals may cost more. Here a tenth of the patches stays for good, and every removal counts.</remarks>
public sealed class PatchWalk
{
    readonly List<(int Block, int Patch)> removals = [];
    readonly int depth;
    readonly int patches;

    /// <summary>Orders the removals.</summary>
    /// <param name="scores">Of the patches.</param>
    public PatchWalk(PatchScores scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        (depth, patches) = (scores.Blocks.Length, scores.Patches);
        int[] goes = Always();
        int left = patches;
        foreach ((int block, int patch, _) in scores.Blocks.SelectMany((row, block) => row.Select((score, patch) => (block, patch, score))).OrderBy(one => one.score))
        {
            if (goes[patch] <= block || (goes[patch] == depth && left - 1 <= patches / 10.0))
                continue;
            left -= goes[patch] == depth ? 1 : 0;
            goes[patch] = block;
            removals.Add((block, patch));
        }
    }

    /// <summary>How many removals there are at most.</summary>
    public int Removals => removals.Count;

    /// <summary>How many patches enter each block after the first removals.</summary>
    /// <param name="taken">How many, in [0, <see cref="Removals"/>].</param>
    /// <returns>[blocks], never rising.</returns>
    public ImmutableArray<int> Counts(int taken)
    {
        int[] goes = Always();
        foreach ((int block, int patch) in removals.Take(taken))
            goes[patch] = block;
        var gone = new int[depth + 1];
        foreach (int block in goes)
            gone[block]++;
        int left = patches;
        return [.. gone.Take(depth).Select(here => left -= here)];
    }

    /// <summary>The fewest removals that a budget holds.</summary>
    /// <param name="budget">The most that it may cost.</param>
    /// <param name="cost">What it costs when so many patches enter each block; does not rise with removals.</param>
    /// <returns>How many enter each block; null where even all removals cost too much.</returns>
    public ImmutableArray<int>? Meet(double budget, Func<ImmutableArray<int>, double> cost)
    {
        ArgumentNullException.ThrowIfNull(cost);
        if (cost(Counts(0)) <= budget)
            return Counts(0);
        if (cost(Counts(Removals)) > budget)
            return null;
        (int few, int enough) = (0, Removals);
        while (enough - few > 1)
        {
            int middle = (few + enough) / 2;
            (few, enough) = cost(Counts(middle)) <= budget ? (few, middle) : (middle, enough);
        }

        return Counts(enough);
    }

    int[] Always()
    {
        var goes = new int[patches];
        Array.Fill(goes, depth);
        return goes;
    }
}
