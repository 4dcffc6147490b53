using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Secateur.Benchmarks.Measuring;

namespace Secateur.Benchmarks;

/// <summary>Everything that one run measured, for people and for programs.</summary>
internal sealed class Results(string onnxRuntimeVersion, double? otherPrograms, IReadOnlyList<Section> sections)
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    readonly string date = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    IEnumerable<Bound> Bounds => sections.SelectMany(section => section.Bounds);

    /// <summary>One sentence about the machine during the run.</summary>
    public string Quietness => otherPrograms switch
    {
        null => "What other programs took of the machine meanwhile is not known.",
        <= 0.02 => FormattableString.Invariant($"Other programs took {otherPrograms:0.0%} of the cores' time meanwhile."),
        _ => FormattableString.Invariant($"**Other programs took {otherPrograms:0.0%} of the cores' time meanwhile: times and ratios are disturbed; measure again on a quiet machine.**"),
    };

    public bool AllHold => Bounds.All(bound => bound.Holds);

    /// <summary>bound | required | measured | holds.</summary>
    public static string Table(IEnumerable<Bound> bounds)
    {
        var table = new StringBuilder("| bound | required | measured | holds |\n|---|---|---|---|\n");
        foreach (Bound bound in bounds)
            table.Append(CultureInfo.InvariantCulture, $"| {bound.Name} | {bound.Required} | {bound.Measured} | {(bound.Holds ? "yes" : "**no**")} |\n");
        return table.ToString();
    }

    /// <summary>Writes results.json and README.md into this processor's folder.</summary>
    /// <returns>The folder.</returns>
    public string Write()
    {
        string folder = Path.Combine(Repository.Root, "benchmarks", "results", Machine.This.Slug);
        Directory.CreateDirectory(folder);
        WriteFile(Path.Combine(folder, "results.json"), ToJson().ToJsonString(Indented) + "\n");
        WriteFile(Path.Combine(folder, "README.md"), ToMarkdown());
        return folder;
    }

    public string ToMarkdown()
    {
        Machine machine = Machine.This;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # {machine.Cpu}{(machine.Generation.Length > 0 ? $" ({machine.Generation})" : "")}, {machine.Cores} cores

            Written by `benchmarks/run` on {date}: {machine.Instructions}, {machine.Runtime}, ONNX Runtime {onnxRuntimeVersion}.
            How it is measured: [benchmarks/README.md](../../README.md). Medians, with their quartiles in brackets.
            {Quietness}


            """);
        text.Append(Table(Bounds));
        foreach (Section section in sections.Where(section => section.Table.Length > 0))
            text.Append(CultureInfo.InvariantCulture, $"\n## {section.Title}\n\n{section.Table.Trim()}\n");
        return text.ToString();
    }

    JsonObject ToJson()
    {
        Machine machine = Machine.This;
        return new()
        {
            ["cpu"] = machine.Cpu,
            ["generation"] = machine.Generation,
            ["cores"] = machine.Cores,
            ["instructions"] = machine.Instructions,
            ["dotnet"] = machine.Runtime,
            ["onnxRuntime"] = onnxRuntimeVersion,
            ["date"] = date,
            ["otherProgramsShareOfCores"] = otherPrograms is { } share ? Json.Round(share) : null,
            ["bounds"] = new JsonArray([.. Bounds.Select(bound => (JsonNode)Json.Of(bound))]),
            ["sections"] = new JsonObject([.. sections.Select(section => KeyValuePair.Create(section.Title, (JsonNode?)section.Data))]),
        };
    }

    static void WriteFile(string path, string text)
    {
        File.WriteAllText(path + ".part", text);
        File.Move(path + ".part", path, overwrite: true);
    }
}
