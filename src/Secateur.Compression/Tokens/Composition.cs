using Secateur.Compression.Tokens.Rules;
using Secateur.Compression.Tokens.Scores;
using Secateur.Models.Tokens;
using static Secateur.Compression.Tokens.TokenOptions<Secateur.Compression.Tokens.CompositionOptions>;

namespace Secateur.Compression.Tokens;

/// <summary>What a composition does with the least important tokens.</summary>
public enum CompositionRule
{
    /// <summary>They go.</summary>
    Drop,

    /// <summary>Of the less important half, those go that are most like one of the more important half (Zero-TPrune's S-stage).</summary>
    DropSimilar,

    /// <summary>They become one token, or go, and the others stand in the order of their scores (EViT, tail-effect, Top-K).</summary>
    Fuse,

    /// <summary>Each merges with the important token that is most like it.</summary>
    Merge,

    /// <summary>Of the less important half, those merge that are most like one of the more important half (ToMe's matching between the halves of a ranking).</summary>
    Match,
}

/// <summary>What <see cref="Composition"/> may be told.</summary>
public sealed record CompositionOptions
{
    /// <summary>What ranks the tokens.</summary>
    public CompositionScore Score { get; init; } = CompositionScore.ZeroTprune;

    /// <summary>Votes of <see cref="CompositionScore.ZeroTprune"/> and its early form.</summary>
    public int Votes { get; init; } = 5;

    /// <summary>Draws <see cref="CompositionScore.Random"/>.</summary>
    public int Seed { get; init; }

    /// <summary>What becomes of the least important.</summary>
    public CompositionRule Rule { get; init; } = CompositionRule.Match;

    /// <summary>How <see cref="CompositionRule.Fuse"/> weighs.</summary>
    public InattentiveFusion Fuse { get; init; } = InattentiveFusion.Mean;

    /// <summary>Whether merged tokens weigh as many in later attention as they stand for.</summary>
    public bool ProportionalAttention { get; init; } = true;
}

/// <summary>
/// Any score with any rule: one part of one paper and one part of another, put together in a plan file. The class knows no pair; a
/// composition is its options.
/// </summary>
public sealed class Composition : ITokenReducer
{
    readonly ITokenScore score;
    readonly ITokenRule rule;

    /// <summary>A composition.</summary>
    /// <param name="options">Null for the defaults: Zero-TPrune's importance, ToMe's merge.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no vote.</exception>
    public Composition(CompositionOptions? options = null)
    {
        Options = options ?? new();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Options.Votes);
        score = CompositionScores.Make(Options);
        rule = Options.Rule switch
        {
            CompositionRule.Drop => new DropRule(),
            CompositionRule.DropSimilar => new SimilarRule(),
            CompositionRule.Fuse => new FuseRule(Options.Fuse),
            CompositionRule.Merge => new MergeRule(),
            _ => new MatchRule(),
        };
    }

    /// <summary>What this composition was told.</summary>
    public CompositionOptions Options { get; }

    /// <inheritdoc/>
    public TokenSignals Needs => score.Needs | rule.Needs;

    /// <inheritdoc/>
    public bool ProportionalAttention => Options.ProportionalAttention && !rule.Drops;

    /// <inheritdoc/>
    public int CountToRemove(int patches, double keep) => rule.CountToRemove(patches, keep);

    /// <inheritdoc/>
    public int MostToRemove(int patches) => rule.MostToRemove(patches);

    /// <inheritdoc/>
    public TokenMap Reduce(in TokenView view, int remove)
    {
        remove = Math.Min(remove, MostToRemove(view.Patches));
        if (remove == 0)
            return TokenMap.Identity(view.Count);
        Span<float> scores = view.Count <= 2048 ? stackalloc float[view.Count] : new float[view.Count];
        score.Score(view, scores);
        return rule.Decide(view, scores, remove);
    }

    /// <summary>Those of the score and of the rule.</summary>
    /// <inheritdoc/>
    public long SelectionMacs(SelectionShape shape, int remove) =>
        Math.Min(remove, MostToRemove(shape.Patches)) is > 0 and var gone ? score.Macs(shape) + rule.Macs(shape, gone) : 0;

    internal static TokenMethod Entry { get; } = new TokenMethod<Composition, CompositionOptions>(
        options => new(options), reducer => reducer.Options, new(),
        [
            Choice("score", "what ranks the tokens", o => o.Score, (o, v) => o with { Score = v }),
            Whole("votes", 1, 1000, "votes of Zero-TPrune's importance", o => o.Votes, (o, v) => o with { Votes = v }).When("score is zero-tprune or zero-tprune-early", o => o.Score is CompositionScore.ZeroTprune or CompositionScore.ZeroTpruneEarly),
            Whole("seed", int.MinValue, int.MaxValue, "draws the random score", o => o.Seed, (o, v) => o with { Seed = v }).When("score is random", o => o.Score == CompositionScore.Random),
            Choice("rule", "what becomes of the least important", o => o.Rule, (o, v) => o with { Rule = v }),
            Choice("fuse", "how the rule fuse weighs", o => o.Fuse, (o, v) => o with { Fuse = v }).When("rule is fuse", o => o.Rule == CompositionRule.Fuse),
            Flag("proportional-attention", "whether merged tokens weigh as many in attention as they stand for", o => o.ProportionalAttention, (o, v) => o with { ProportionalAttention = v }),
        ])
    {
        Name = "composition",
        Title = "Composition",
        Citation = "this project; by default the importance of Zero-TPrune (arXiv 2305.17328) with the merge of ToMe (arXiv 2210.09461)",
        Drops = false,
        DefaultPlan = CompositionPlans.ZeroTPruneAndToMe,
        Family = CompositionPlans.Family,
    };
}
