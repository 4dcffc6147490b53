using System.Text.Json;
using Secateur.Compression;
using Secateur.Compression.Tokens;

namespace Secateur.Tests.Onnx;

/// <summary>Options that no plan has by default: every choice and every flag of every method, one at a time, and numbers and pairs that matter.</summary>
internal static class UnusualOptions
{
    static readonly Dictionary<string, string[]> More = new()
    {
        // (A thousand votes after some tokens went, their rows not scaled, leave nothing of any score, here and there.)
        ["zero-tprune"] =
        [
            """{"iterations":0}""", """{"iterations":30}""", """{"iterations":1000,"similar":0}""", """{"iterations":777,"renormalise":true}""",
            """{"iterations":50,"epsilon":0.01}""", """{"iterations":8,"epsilon":1e-9}""", """{"iterations":30,"epsilon":0.05,"renormalise":true}""",
            """{"iterations":3,"renormalise":true,"class-boost":false}""",
            """{"variance-minimum":1000,"variance-maximum":2000}""", """{"variance-minimum":0,"variance-maximum":0.02}""", """{"variance-minimum":0.05}""",
            """{"head-mean":"arithmetic","variance-minimum":0.02,"variance-maximum":0.1}""",
            """{"metric":"minkowski","minkowski":1.5}""", """{"partition":"random","seed":5}""", """{"partition":"none","metric":"l2"}""", """{"partition":"none","similar":40}""",
            """{"feature":"query","feature-heads":"concatenated","metric":"dot"}""", """{"feature":"value","feature-heads":"concatenated","metric":"l1"}""",
            """{"feature":"x","metric":"linf","partition":"alternate"}""", """{"feature":"x-pre","metric":"l2","partition":"sequential-i"}""",
            """{"similar":0}""", """{"similar":1}""", """{"similar":1000}""",
        ],
        ["zero-tprune-early"] = ["""{"iterations":5}""", """{"temperature":1}""", """{"temperature":0.05}""", """{"temperature":3,"iterations":4,"head-mean":"arithmetic"}""", """{"iterations":1000}"""],
        ["random-drop"] = ["""{"seed":11}"""],
        ["dynamic-vit-untrained"] = ["""{"seed":-3}"""],
        ["tail-effect"] = ["""{"compatibility":true,"value-maximum":"features"}"""],
    };

    /// <summary>Each as JSON.</summary>
    public static IEnumerable<string> Of(TokenMethod method) =>
        method.Options.SelectMany(option => Choices(option).Select(choice => $$"""{"{{option.Name}}":{{choice}}}"""))
            .Where(options => Counts(method, options))
            .Concat(More.GetValueOrDefault(method.Name, []));

    static IEnumerable<string> Choices(TokenOption option) => option.Values == "true or false"
        ? ["true", "false"]
        : option.Default.StartsWith('"') ? option.Values.Replace(" or ", ", ", StringComparison.Ordinal).Split(", ").Select(choice => $"\"{choice}\"") : [];

    // What counts only beside another option is among the pairs.
    static bool Counts(TokenMethod method, string options)
    {
        using JsonDocument told = JsonDocument.Parse(options);
        try
        {
            method.Create(("the test", told.RootElement));
            return true;
        }
        catch (PlanException)
        {
            return false;
        }
    }
}
