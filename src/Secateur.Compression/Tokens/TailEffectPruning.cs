using System.Buffers;
using Secateur.Compression.Tokens.Scores;
using Secateur.Models.Tokens;
using static Secateur.Compression.Tokens.TokenOptions<Secateur.Compression.Tokens.TailEffectPruningOptions>;

namespace Secateur.Compression.Tokens;

/// <summary>What <see cref="TailEffectPruning"/> may be told.</summary>
public sealed record TailEffectPruningOptions
{
    /// <summary>Over what the value term takes its maximum.</summary>
    public ValueMaximum ValueMaximum { get; init; } = ValueMaximum.Heads;

    /// <summary>As the released code does: the attention term is divided by the largest of the whole batch, so that an answer depends on
    /// batch mates; each prefix token after the first leaves one more token; where no more patches than prefix tokens would be kept, nothing goes.</summary>
    public bool Compatibility { get; init; }
}

/// <summary>
/// Pruning for the GPU tail effect (Eliopoulos et al., "Reducing Vision Transformer Latency on Edge Devices via GPU Tail Effect and
/// Training-free Token Pruning", arXiv 2407.05941; later "Pruning One More Token is Enough", WACV 2025). One cut, early: the patches that
/// receive little attention become one "inattentive" token, their mean.
/// </summary>
/// <param name="options">Null for the defaults.</param>
public sealed class TailEffectPruning(TailEffectPruningOptions? options = null) : ITokenReducer
{
    const string Paper = "Eliopoulos et al., \"Reducing Vision Transformer Latency on Edge Devices via GPU Tail Effect and Training-free Token Pruning\", arXiv 2407.05941";

    readonly TailEffectScore score = new((options ?? new()).ValueMaximum, (options ?? new()).Compatibility);

    /// <summary>What it was told.</summary>
    public TailEffectPruningOptions Options { get; } = options ?? new();

    /// <inheritdoc/>
    public TokenSignals Needs => score.Needs;

    /// <inheritdoc/>
    public bool DependsOnBatch => score.DependsOnBatch;

    /// <summary>With <see cref="TailEffectPruningOptions.Compatibility"/> fewer go than are asked for, and how many depends on the network.</summary>
    public bool Adaptive => Options.Compatibility;

    internal static TokenMethod Entry { get; } = new TokenMethod<TailEffectPruning, TailEffectPruningOptions>(
        options => new(options), reducer => reducer.Options, new(),
        [
            Choice("value-maximum", "over what the value term takes its maximum", o => o.ValueMaximum, (o, v) => o with { ValueMaximum = v }),
            Flag("compatibility", "whether it does as the released code: the largest attention of the whole batch divides, and prefix tokens count", o => o.Compatibility, (o, v) => o with { Compatibility = v }),
        ])
    {
        Name = "tail-effect",
        Title = "GPU tail effect",
        Citation = Paper,
        DefaultPlan = (depth, patches) => Plan("tail-effect", depth, patches, 77),
        Family = (depth, patches, strength) => Cut("tail-effect", depth, (int)Math.Round(strength * (patches - 1))),
    };

    /// <summary>At least one token is left to stand for the others.</summary>
    /// <inheritdoc/>
    public int MostToRemove(int patches) => Math.Max(0, patches - 1);

    /// <summary>The inattentive token alone: scores are maxima and sums. As the released code counts (<see cref="TailEffectPruningOptions.Compatibility"/>), the most there can be.</summary>
    /// <inheritdoc/>
    public long SelectionMacs(SelectionShape shape, int remove) => (long)Math.Min(remove, MostToRemove(shape.Patches)) * shape.Width;

    /// <inheritdoc/>
    public TokenMap Reduce(in TokenView view, int remove)
    {
        // R tokens go: R + 1 become one.
        int rest = Options.Compatibility ? remove + 2 - Math.Max(1, view.Prefix) : Math.Min(remove, view.Patches - 1) + 1;
        int keep = view.Patches - rest;
        if (remove == 0 || rest < 2 || (Options.Compatibility && keep <= view.Prefix))
            return TokenMap.Identity(view.Count);

        // 1. Score the tokens (equations 5 and 6).
        float[] lent = ArrayPool<float>.Shared.Rent(view.Count);
        Span<float> scores = lent.AsSpan(0, view.Count);
        score.Score(view, scores);

        // 2. The best stay, best first; the plain mean of the others, the inattentive token, is appended.
        TokenMap map = Ranking.Fuse(view, scores, keep, InattentiveFusion.Mean);
        ArrayPool<float>.Shared.Return(lent);
        return map;
    }

    /// <summary>A published R, made for 196 patches, at a quarter of the depth (section 4.3).</summary>
    internal static TokenPlan Plan(string name, int depth, int patches, int publishedRemove) =>
        Cut(name, depth, (int)Math.Round(publishedRemove * patches / 196.0));

    static TokenPlan Cut(string name, int depth, int remove) =>
        new(name, [new(depth / 4, TokenPosition.AfterAttention, new TailEffectPruning()) { Remove = remove }]);
}
