namespace Secateur.Compression.Structured.Score.Optin;

/// <summary>Puts the parts of a score together.</summary>
internal static class OptinImportance
{
    /// <summary>The common factor of the answers' divergence.</summary>
    /// <param name="units">Both losses of all units.</param>
    /// <param name="options">Say lambda, and what it is a part of.</param>
    /// <returns>At least 0.</returns>
    public static double Factor(IEnumerable<UnitLoss> units, OptinOptions options)
    {
        if (!options.Balances)
            return options.Lambda;
        (double manifold, double answer) = (0, 0);
        foreach (UnitLoss unit in units)
            (manifold, answer) = (manifold + unit.Manifold, answer + unit.Answer);
        return manifold > 0 && answer > 0 ? options.Lambda * (manifold / answer) : options.Lambda;
    }

    /// <summary>Scores of all units: I = L_MD + lambda L_KD (OPTIN, ICLR 2024, section 3 and Figure 1).</summary>
    /// <param name="heads">[blocks][heads of the block].</param>
    /// <param name="neurons">[blocks][neurons of the block].</param>
    /// <param name="options">Say lambda.</param>
    /// <returns>At least 0.</returns>
    public static UnitScores Of(UnitLoss[][] heads, UnitLoss[][] neurons, OptinOptions options)
    {
        double factor = Factor(heads.Concat(neurons).SelectMany(block => block), options);
        return new(Weighted(heads), Weighted(neurons));

        float[][] Weighted(UnitLoss[][] blocks) => [.. blocks.Select(units => units.Select(unit => (float)(unit.Manifold + (factor * unit.Answer))).ToArray())];
    }

    /// <summary>Scores of all units.</summary>
    /// <param name="effects">Units that nobody asked for score 0.</param>
    /// <param name="options">Say which definition.</param>
    /// <param name="language">Whether the network is a language one, which matters to the released code.</param>
    /// <returns>At least 0.</returns>
    public static UnitScores Of(UnitEffects effects, OptinOptions options, bool language)
    {
        if (!options.Compatibility)
            return effects.Scores(options);
        var released = new ReleasedImportance(language, options.Lambda);
        return new(released.OfHeads(effects.Heads), released.OfNeurons(effects.Neurons));
    }

    /// <summary>Both losses of every unit; zeros where nobody asked.</summary>
    public static UnitLoss[][] Losses(UnitEffect?[][] effects) =>
        [.. effects.Select((units, block) => units.Select(unit => unit is null ? default : new UnitLoss(unit.Later(block), unit.Answer)).ToArray())];
}
