using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens;

/// <summary>What <see cref="RandomDrop"/> may be told.</summary>
public sealed record RandomDropOptions
{
    /// <summary>Draws who goes.</summary>
    public int Seed { get; init; }
}

/// <summary>Drops patches drawn by a seed, whatever they show: the baseline of "Zero-TPrune" (table of its ablation) that every method must beat.</summary>
/// <remarks>Every sequence of as many tokens loses the same places, so that a result depends neither on the batch nor on the order of the images.</remarks>
/// <param name="options">Null for the defaults.</param>
public sealed class RandomDrop(RandomDropOptions? options = null) : ITokenReducer
{
    /// <summary>What it was told.</summary>
    public RandomDropOptions Options { get; } = options ?? new();

    /// <inheritdoc/>
    public TokenSignals Needs => TokenSignals.None;

    /// <inheritdoc/>
    public TokenMap Reduce(in TokenView view, int remove)
    {
        var patches = new int[view.Patches];
        for (int i = 0; i < patches.Length; i++)
            patches[i] = view.Prefix + i;
        new Random(Options.Seed).Shuffle(patches);
        Span<int> gone = patches.AsSpan(0, remove);
        gone.Sort();
        return Survivors.Keep(view, gone, 0, []);
    }
}
