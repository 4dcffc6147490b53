using System.Security.Cryptography;
using System.Text;

namespace Secateur.Evaluation.Reports.Html;

/// <summary>The page's style and script, which travel inside the program, and the policy that lets these two run and nothing else.</summary>
internal static class PageParts
{
    /// <summary>The style.</summary>
    public static string Style { get; } = Read("report.css");

    /// <summary>The script; the page works without it.</summary>
    public static string Script { get; } = Read("report.js");

    /// <summary>No network, no frames, no forms; pictures only inside the page.</summary>
    public static string Policy { get; } = $"default-src 'none'; img-src data:; style-src {Hash(Style)}; script-src {Hash(Script)}; base-uri 'none'; form-action 'none'";

    static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    static string Read(string name)
    {
        using Stream stream = typeof(PageParts).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not part of the program.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
