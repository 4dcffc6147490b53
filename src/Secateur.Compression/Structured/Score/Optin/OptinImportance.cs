namespace Secateur.Compression.Structured.Score.Optin;

/// <summary>Puts the parts of a score together.</summary>
internal static class OptinImportance
{
    /// <summary>I = L_MD + lambda L_KD (OPTIN, ICLR 2024, section 3 and Figure 1).</summary>
    /// <param name="manifold">The sum over later blocks of L_MD.</param>
    /// <param name="answer">L_KD.</param>
    /// <param name="options">Say lambda.</param>
    /// <returns>The importance, at least 0.</returns>
    public static double Of(double manifold, double answer, OptinOptions options) => manifold + (options.Lambda * answer);

    /// <summary>Scores of all units.</summary>
    /// <param name="effects">Units that nobody asked for score 0.</param>
    /// <param name="options">Say which definition.</param>
    /// <param name="language">Whether the network is a language one, which matters to the released code.</param>
    /// <returns>At least 0.</returns>
    public static UnitScores Of(UnitEffects effects, OptinOptions options, bool language)
    {
        if (options.Compatibility)
        {
            var released = new ReleasedImportance(language, options.Lambda);
            return new(released.OfHeads(effects.Heads), released.OfNeurons(effects.Neurons));
        }

        return new(Paper(effects.Heads), Paper(effects.Neurons));

        float[][] Paper(UnitEffect?[][] blocks) =>
            [.. blocks.Select((units, block) => units.Select(unit => unit is null ? 0 : (float)Of(unit.Later(block), unit.Answer, options)).ToArray())];
    }
}
