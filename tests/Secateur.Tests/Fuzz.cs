namespace Secateur.Tests;

/// <summary>How long the fuzz tests run: SECATEUR_FUZZ=100 runs a hundred times as many seeded mutations as the tests usually do.</summary>
internal static class Fuzz
{
    public static int Rounds(int usual) => usual * Math.Max(1, int.TryParse(Environment.GetEnvironmentVariable("SECATEUR_FUZZ"), out int times) ? times : 1);
}
