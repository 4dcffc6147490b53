namespace Secateur.Compression.Structured.Score.Optin;

/// <summary>What removing each unit does.</summary>
/// <param name="Heads">[blocks][heads of the block]; null where nobody asked.</param>
/// <param name="Neurons">[blocks][neurons of the block]; null where nobody asked.</param>
public sealed record UnitEffects(UnitEffect?[][] Heads, UnitEffect?[][] Neurons)
{
    /// <summary>The scores that these effects make by the paper's definition.</summary>
    /// <param name="options">Say lambda.</param>
    /// <returns>At least 0; 0 where nobody asked.</returns>
    public UnitScores Scores(OptinOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return OptinImportance.Of(OptinImportance.Losses(Heads), OptinImportance.Losses(Neurons), options);
    }
}
