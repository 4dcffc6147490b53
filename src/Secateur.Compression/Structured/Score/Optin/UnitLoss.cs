namespace Secateur.Compression.Structured.Score.Optin;

/// <summary>What the removal of one unit, or of one patch, moves.</summary>
/// <param name="Manifold">The sum over later blocks of L_MD.</param>
/// <param name="Answer">L_KD.</param>
internal readonly record struct UnitLoss(double Manifold, double Answer);
