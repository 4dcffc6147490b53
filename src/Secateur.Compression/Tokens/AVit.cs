using Secateur.Models.Tokens;
using static Secateur.Compression.Tokens.TokenOptions<Secateur.Compression.Tokens.AVitOptions>;

namespace Secateur.Compression.Tokens;

/// <summary>What <see cref="AVit"/> may be told.</summary>
public sealed record AVitOptions
{
    /// <summary>Times the first feature of a token.</summary>
    public double Gain { get; init; } = 10;

    /// <summary>Subtracted before the sigmoid; published with training are 30 for DeiT-T and 75 for DeiT-S.</summary>
    public double Centre { get; init; } = 30;

    /// <summary>A token halts when its sum exceeds 1 less this.</summary>
    public double Epsilon { get; init; } = 0.01;
}

/// <summary>
/// A-ViT without training (Yin, Vahdat, Alvarez, Mallya, Kautz, Molchanov, "A-ViT: Adaptive Tokens for Efficient Vision Transformer", CVPR
/// 2022): the first feature of a token is read as its will to halt, which means something only after training. A baseline that a method must beat.
/// </summary>
/// <remarks>Prefix tokens never halt, and what is read is the last class token: the mean of all blocks' outputs weighted by halting belongs to
/// the training and is left out. The last patch of a picture stays, since some networks average their patches.</remarks>
/// <param name="options">Null for the defaults.</param>
public sealed class AVit(AVitOptions? options = null) : ITokenReducer
{
    /// <summary>What it was told.</summary>
    public AVitOptions Options { get; } = options ?? new();

    /// <inheritdoc/>
    public TokenSignals Needs => TokenSignals.Tokens;

    /// <inheritdoc/>
    public bool Remembers => true;

    /// <inheritdoc/>
    public bool Adaptive => true;

    internal static TokenMethod Entry { get; } = new TokenMethod<AVit, AVitOptions>(
        options => new(options), reducer => reducer.Options, new(),
        [
            Number("gain", 0, 1e6, "times the first feature of a token", o => o.Gain, (o, v) => o with { Gain = v }),
            Number("centre", -1e6, 1e6, "subtracted before the sigmoid", o => o.Centre, (o, v) => o with { Centre = v }),
            Number("epsilon", 0, 1, "a token halts when its sum exceeds 1 less this", o => o.Epsilon, (o, v) => o with { Epsilon = v }),
        ])
    {
        Name = "a-vit-untrained",
        Title = "A-ViT without training",
        Citation = "Yin, Vahdat, Alvarez, Mallya, Kautz and Molchanov, \"A-ViT: Adaptive Tokens for Efficient Vision Transformer\", CVPR 2022, arXiv 2112.07658",
        Drops = true,
        DefaultPlan = (depth, patches) => Plan(new(), [.. Enumerable.Repeat(patches, depth)]),
        Family = Capped,
    };

    /// <inheritdoc/>
    public int MostToRemove(int patches) => Math.Max(0, patches - 1);

    /// <inheritdoc/>
    public TokenMap Reduce(in TokenView view, int remove)
    {
        int tokens = view.Count, halted = 0;
        Span<float> sums = tokens <= 2048 ? stackalloc float[tokens] : new float[tokens];
        Span<float> importance = tokens <= 2048 ? stackalloc float[tokens] : new float[tokens];
        view.Carried.CopyTo(sums);
        for (int i = view.Prefix; i < tokens; i++)
        {
            // 1. The will to halt after this block, added up over the blocks.
            double will = (Options.Gain * view.Token(i)[0]) - Options.Centre;
            sums[i] += (float)(1 / (1 + Math.Exp(-will)));

            // 2. Who has halted; if more have than may go, those with the strongest will go first.
            bool halts = sums[i] > 1 - Options.Epsilon;
            importance[i] = halts ? (float)-will : float.PositiveInfinity;
            halted += halts ? 1 : 0;
        }

        return Survivors.Keep(view, [], Math.Min(halted, remove), importance).Carrying(sums);
    }

    /// <summary>See docs/methods/a-vit-untrained.md: a centre so low that every token soon wants to halt, and the most that may go after each block.</summary>
    static TokenPlan Capped(int depth, int patches, double strength) =>
        Plan(new() { Centre = -10 }, TokenPlaces.Spread(depth, 1.6 * patches * strength / depth));

    // After the last block nothing is left to save.
    static TokenPlan Plan(AVitOptions options, int[] most) =>
        new("a-vit-untrained", [.. most[..^1].Select((remove, block) => new TokenStage(block, TokenPosition.AfterBlock, new AVit(options)) { Remove = remove })]);
}
