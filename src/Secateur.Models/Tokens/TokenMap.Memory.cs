namespace Secateur.Models.Tokens;

/// <content>What goes on from one place to the next, for methods that add up over blocks (SpAtten, A-ViT).</content>
public sealed partial class TokenMap
{
    float[]? carried;
    float[]? headScores;
    bool[]? heads;

    /// <summary>A number for every token that comes in, which goes with it to the next place (<see cref="TokenView.Carried"/>), [tokens]; empty to leave what was carried.</summary>
    public ReadOnlySpan<float> Carried => carried;

    /// <summary>A number for every head that goes on to the next place (<see cref="TokenView.HeadScores"/>), [heads]; empty to leave what was carried.</summary>
    public ReadOnlySpan<float> HeadScores => headScores;

    /// <summary>Which heads later blocks compute, [heads]; empty to leave them as they are.</summary>
    public ReadOnlySpan<bool> Heads => heads;

    /// <summary>The same groups, and numbers that go on: those of the members of a group are added up.</summary>
    /// <param name="tokens">[tokens].</param>
    /// <param name="ofHeads">[heads], or empty.</param>
    /// <returns>The map.</returns>
    /// <exception cref="ArgumentException">There is not one number a token.</exception>
    public TokenMap Carrying(ReadOnlySpan<float> tokens, ReadOnlySpan<float> ofHeads = default)
    {
        RequireLength(tokens.Length, group.Length, nameof(tokens));
        TokenMap copy = Copy();
        copy.carried = tokens.ToArray();
        copy.headScores = ofHeads.IsEmpty ? headScores : ofHeads.ToArray();
        return copy;
    }

    /// <summary>The same groups, and which heads later blocks still compute.</summary>
    /// <param name="kept">[heads], at least one of them true.</param>
    /// <returns>The map.</returns>
    /// <exception cref="ArgumentException">No head is left.</exception>
    public TokenMap WithHeads(ReadOnlySpan<bool> kept)
    {
        if (!kept.Contains(true))
            throw new ArgumentException("No head is left; attention needs one.", nameof(kept));
        TokenMap copy = Copy();
        copy.heads = kept.ToArray();
        return copy;
    }
}
