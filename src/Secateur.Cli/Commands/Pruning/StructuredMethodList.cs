using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Secateur.Compression.Structured;

namespace Secateur.Cli.Commands.Pruning;

/// <summary>Lists what secateur prune may be told: who scores, who allocates, who corrects.</summary>
internal static class StructuredMethodList
{
    /// <summary>Every method: its part in pruning, its name, title and citation.</summary>
    public static ImmutableArray<(string Part, string Name, string Title, string Citation)> All =>
    [
        .. StructuredMethods.Scorers.Select(method => ("scorer", method.Name, method.Title, method.Citation)),
        .. StructuredMethods.Allocators.Select(method => ("allocator", method.Name, method.Title, method.Citation)),
        .. StructuredMethods.Correctors.Select(method => ("corrector", method.Name, method.Title, method.Citation)),
    ];

    /// <summary>Writes them.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="only">The name of one; null for all.</param>
    /// <param name="json">As one JSON object a line.</param>
    /// <exception cref="UsageException">There is none of that name.</exception>
    public static void Write(Terminal terminal, string? only, bool json)
    {
        var methods = All.Where(method => only is null || method.Name == only).ToArray();
        if (methods.Length == 0)
            throw new UsageException($"There is no method '{only}' to prune with; choose one of {string.Join(", ", All.Select(method => method.Name))}.");
        int parts = methods.Max(method => method.Part.Length), names = methods.Max(method => method.Name.Length);
        foreach ((string part, string name, string title, string citation) in methods)
            if (json)
                terminal.Out.WriteLine(new JsonObject { ["part"] = part, ["name"] = name, ["title"] = title, ["citation"] = citation }.ToJsonString());
            else
                terminal.Out.WriteLine(only is null ? $"{part.PadRight(parts)}  {name.PadRight(names)}  {title}" : $"{part} {name}: {title}\n{citation}");
    }
}
