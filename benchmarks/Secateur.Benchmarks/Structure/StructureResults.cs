using System.Text.Json.Nodes;
using Secateur.Benchmarks.Measuring;
using Secateur.Compression.Structured;
using Secateur.Evaluation.Profiling;
using Secateur.Evaluation.Structured;

namespace Secateur.Benchmarks.Structure;

/// <summary>One network's cells in this processor's structure.json. While they are measured they are kept line by line under artifacts/, so that a run
/// that was stopped loses none.</summary>
internal sealed class StructureResults
{
    static readonly string Folder = Path.Combine(Repository.Root, "benchmarks", "results", Machine.This.Slug);
    readonly string journal, network;
    readonly Dictionary<string, StructureCell> cells = [];
    readonly JsonObject about, scoring = [];
    readonly List<string> notes = [];
    WidthLatency? widths;

    StructureResults(string network, bool fresh)
    {
        this.network = network;
        string folder = Path.Combine(Repository.Root, "artifacts", "benchmarks", "structure");
        Directory.CreateDirectory(folder);
        journal = Path.Combine(folder, $"{network}.jsonl");
        about = fresh ? [] : Load()[network]?.DeepClone().AsObject() ?? [];
    }

    /// <summary>The file for programs.</summary>
    public static string File { get; } = Path.Combine(Folder, "structure.json");

    /// <summary>What heads and neurons take here, of one sequence; null until it is measured.</summary>
    public WidthLatency? Widths
    {
        get => widths;
        set
        {
            widths = value;
            Keep(new() { ["widths"] = WidthsJson.Of(value!) });
        }
    }

    /// <summary>Opens what is known of a network: its part of structure.json, and what a run that was stopped left.</summary>
    /// <param name="network">Its name.</param>
    /// <param name="fresh">Whether to begin again.</param>
    public static StructureResults Open(string network, bool fresh)
    {
        var results = new StructureResults(network, fresh);
        if (fresh)
            results.Save();
        results.Read();
        foreach (string line in System.IO.File.Exists(results.journal) ? System.IO.File.ReadLines(results.journal) : [])
            results.Read(JsonNode.Parse(line)!);
        return results;
    }

    /// <summary>A cell, or null where it is not known.</summary>
    public StructureCell? Find(string key) => cells.GetValueOrDefault(key);

    /// <summary>Says what is measured.</summary>
    /// <exception cref="InvalidOperationException">What is known was measured otherwise.</exception>
    public void Begin(StructureSubject subject, NetworkComparison dense, Calibration calibration, bool timed)
    {
        Same("calibration", $"{calibration.Lengths.Length} of {subject.Calibration.Name}");
        Same("test", subject.Test.Name);
        about["right"] = dense.DenseRight is { } right ? Math.Round(right.Part, 5) : null;
        about["what"] = $"{subject.Network.Blocks.Sum(block => block.Heads)} heads, {subject.Network.Blocks.Sum(block => block.Neurons):N0} neurons";
        if (timed)
            Same("threads", subject.Network.Threads.Count);
    }

    /// <summary>Says what to know beside the cells.</summary>
    public void Note(string note) => notes.Add(note);

    /// <summary>Keeps how long a scorer took.</summary>
    public void Scored(string scorer, double seconds)
    {
        scoring[scorer] = Math.Round(seconds, 2);
        Keep(new() { ["scored"] = scorer, ["seconds"] = Math.Round(seconds, 2) });
    }

    /// <summary>Keeps a cell.</summary>
    public void Add(StructureCell cell)
    {
        cells[cell.Key] = cell;
        Keep(cell.ToJson());
    }

    /// <summary>Puts this network's part into structure.json, in the order of the catalogue; the others stay.</summary>
    public void Save()
    {
        JsonObject all = Load(), own = about.DeepClone().AsObject();
        own["notes"] = new JsonArray([.. notes.Select(note => (JsonNode)note)]);
        own["scoring-seconds"] = new JsonObject(StructuredMethods.Scorers.Where(method => scoring.ContainsKey(method.Name)).Select(method => KeyValuePair.Create(method.Name, scoring[method.Name]?.DeepClone())));
        if (widths is not null)
            own["widths"] = WidthsJson.Of(widths);
        own["cells"] = new JsonArray([.. cells.Values.OrderBy(cell => cell.Place).Select(cell => (JsonNode)cell.ToJson())]);
        all[network] = own;
        Directory.CreateDirectory(Folder);
        System.IO.File.WriteAllText(File + ".part", Print(all) + "\n");
        System.IO.File.Move(File + ".part", File, overwrite: true);
        System.IO.File.Delete(journal);
    }

    /// <summary>All networks' parts.</summary>
    public static JsonObject Load() => System.IO.File.Exists(File) ? JsonNode.Parse(System.IO.File.ReadAllText(File))!.AsObject() : [];

    void Read()
    {
        foreach (JsonNode? cell in about["cells"]?.AsArray() ?? [])
            Read(cell!);
        foreach ((string scorer, JsonNode? seconds) in about["scoring-seconds"]?.AsObject() ?? [])
            scoring[scorer] = seconds!.DeepClone();
        if (about["widths"] is { } known)
            widths = WidthsJson.Read(known);
        foreach (string key in (string[])["cells", "scoring-seconds", "widths", "notes"])
            about.Remove(key);
    }

    void Read(JsonNode line)
    {
        if (line["scored"] is { } scored)
            scoring[(string)scored!] = (double)line["seconds"]!;
        else if (line["widths"] is { } measured)
            widths = WidthsJson.Read(measured);
        else if (StructureCell.Read(line) is var cell)
            cells[cell.Key] = cell;
    }

    void Same(string key, JsonNode value)
    {
        if (about[key] is { } known && !JsonNode.DeepEquals(known, value))
            throw new InvalidOperationException($"{network} was measured with {key} {known}, not {value}; measure it so, or begin again with --fresh 1.");
        about[key] = value;
    }

    void Keep(JsonObject line) => System.IO.File.AppendAllText(journal, line.ToJsonString() + "\n");

    /// <summary>Indented, and one line for what holds only numbers and words: a cell.</summary>
    static string Print(JsonNode? node, string indent = "")
    {
        (char open, char close, string[] items) = node switch
        {
            JsonObject fields when fields.Any(field => Deep(field.Value)) => ('{', '}', fields.Select(field => $"{JsonValue.Create(field.Key).ToJsonString()}: {Print(field.Value, indent + "  ")}").ToArray()),
            JsonArray entries when entries.Any(Deep) => ('[', ']', entries.Select(entry => Print(entry, indent + "  ")).ToArray()),
            _ => (' ', ' ', Array.Empty<string>()),
        };
        return items.Length == 0 ? node?.ToJsonString() ?? "null" : $"{open}\n{indent}  {string.Join($",\n{indent}  ", items)}\n{indent}{close}";
    }

    static bool Deep(JsonNode? node) => node is JsonObject or JsonArray { Count: > 3 };
}
