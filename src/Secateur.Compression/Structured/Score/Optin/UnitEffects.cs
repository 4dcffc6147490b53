namespace Secateur.Compression.Structured.Score.Optin;

/// <summary>What removing each unit does.</summary>
/// <param name="Heads">[blocks][heads of the block]; null where nobody asked.</param>
/// <param name="Neurons">[blocks][neurons of the block]; null where nobody asked.</param>
public sealed record UnitEffects(UnitEffect?[][] Heads, UnitEffect?[][] Neurons);
