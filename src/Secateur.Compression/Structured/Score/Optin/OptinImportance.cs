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
}
