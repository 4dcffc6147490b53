namespace Secateur.Models.Tokens;

/// <summary>A training-free token reduction: looks at one sequence at one place of the network and decides about its tokens.
/// Immutable; one instance may serve many threads.</summary>
public interface ITokenReducer
{
    /// <summary>What <see cref="Reduce"/> looks at.</summary>
    TokenSignals Needs { get; }

    /// <summary>Whether merged tokens weigh as many in later attention as they stand for (adds the log of sizes to the logits of keys; ToMe, section 3).</summary>
    bool ProportionalAttention => false;

    /// <summary>Whether it is asked even where nothing is to be removed, since its maps carry something on (<see cref="TokenMap.Carried"/>).</summary>
    bool Remembers => false;

    /// <summary>Whether how many tokens go depends on the picture; what a place asks for is then the most that may go.</summary>
    bool Adaptive => false;

    /// <summary>Whether it looks at the other sequences of the batch (<see cref="TokenView.Mate"/>), so that an answer depends on them; for the compatibility of released code alone.</summary>
    bool DependsOnBatch => false;

    /// <summary>Decides about the tokens of one sequence. Prefix tokens survive alone and first.</summary>
    /// <param name="view">One sequence.</param>
    /// <param name="remove">At most how many tokens go, in [0, patches]; 0 gives the identity.</param>
    /// <returns>The decision.</returns>
    TokenMap Reduce(in TokenView view, int remove);

    /// <summary>How many of <paramref name="patches"/> tokens go when a place asks for a keep rate. Methods whose paper rounds otherwise say so here.</summary>
    /// <param name="patches">Tokens that may go.</param>
    /// <param name="keep">Keep rate in (0, 1].</param>
    /// <returns>Tokens to remove, in [0, patches].</returns>
    int CountToRemove(int patches, double keep) => patches - (int)(keep * patches);

    /// <summary>How many of <paramref name="patches"/> tokens can go at one place at all: matchings of two halves take no more than one of them.</summary>
    /// <param name="patches">Tokens that may go.</param>
    /// <returns>In [0, patches].</returns>
    int MostToRemove(int patches) => patches;

    /// <summary>Multiply-adds of one decision and of carrying it out: products of vectors and matrices, sums of squares among them, and for each
    /// token that joins another one a weighted addition of its features. Additions, comparisons, draws and single numbers (scales, roots,
    /// powers) count nothing, like norms and softmax elsewhere. Where it depends on what the tokens show, the most there can be.</summary>
    /// <param name="shape">Of one sequence.</param>
    /// <param name="remove">At most how many tokens go, as <see cref="Reduce"/> is told.</param>
    /// <returns>The count; 0 where nothing is multiplied.</returns>
    long SelectionMacs(SelectionShape shape, int remove) => 0;
}
