namespace Secateur.Tests;

/// <summary>Reference files that are committed with the tests and copied beside them.</summary>
internal static class Fixtures
{
    /// <summary>The path of a fixture.</summary>
    /// <param name="relative">Below the folder of fixtures, with forward slashes: "timm/deit3/model.safetensors".</param>
    public static string Path(string relative) => System.IO.Path.Combine(AppContext.BaseDirectory, "Fixtures", relative);
}
