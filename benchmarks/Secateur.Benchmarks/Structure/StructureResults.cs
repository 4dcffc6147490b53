using System.Text.Json.Nodes;
using Secateur.Benchmarks.Measuring;
using Secateur.Compression.Structured;
using Secateur.Evaluation.Structured;

namespace Secateur.Benchmarks.Structure;

/// <summary>One network's cells: kept line by line under artifacts/ while they are measured, then in this processor's structure.json.</summary>
internal sealed class StructureResults
{
    static readonly string Folder = Path.Combine(Repository.Root, "benchmarks", "results", Machine.This.Slug);
    readonly string journal, network;
    readonly Dictionary<string, StructureCell> cells = [];
    readonly JsonObject about = [], scoring = [];
    readonly List<string> notes = [];

    StructureResults(string network)
    {
        this.network = network;
        string folder = Path.Combine(Repository.Root, "artifacts", "benchmarks", "structure");
        Directory.CreateDirectory(folder);
        journal = Path.Combine(folder, $"{network}.jsonl");
    }

    /// <summary>The file for programs.</summary>
    public static string File { get; } = Path.Combine(Folder, "structure.json");

    /// <summary>Opens what is known of a network.</summary>
    /// <param name="network">Its name.</param>
    /// <param name="fresh">Whether to begin again.</param>
    public static StructureResults Open(string network, bool fresh)
    {
        var results = new StructureResults(network);
        if (fresh)
            System.IO.File.Delete(results.journal);
        foreach (string line in System.IO.File.Exists(results.journal) ? System.IO.File.ReadLines(results.journal) : [])
        {
            JsonNode json = JsonNode.Parse(line)!;
            if (json["scored"] is { } scored)
            {
                results.scoring[(string)scored!] = (double)json["seconds"]!;
                continue;
            }

            StructureCell cell = StructureCell.Read(json);
            results.cells[cell.Key] = cell;
        }

        return results;
    }

    /// <summary>Whether a cell is known.</summary>
    public bool Has(string key) => cells.ContainsKey(key);

    /// <summary>Says what is measured.</summary>
    public void Begin(StructureSubject subject, NetworkComparison dense, Calibration calibration)
    {
        about["calibration"] = $"{calibration.Lengths.Length} of {subject.Calibration.Name}";
        about["test"] = subject.Test.Name;
        about["right"] = dense.DenseRight is { } right ? Math.Round(right.Part, 5) : null;
        about["trained"] = subject.Trained;
        about["what"] = $"{subject.Network.Blocks.Sum(block => block.Heads)} heads, {subject.Network.Blocks.Sum(block => block.Neurons):N0} neurons";
        about["threads"] = subject.Network.Threads.Count;
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

    /// <summary>Puts this network's part into structure.json; the others stay.</summary>
    public void Save()
    {
        JsonObject all = Load();
        JsonObject own = (JsonObject)about.DeepClone();
        own["notes"] = new JsonArray([.. notes.Select(note => (JsonNode)note)]);
        own["scoring-seconds"] = scoring.DeepClone();
        own["cells"] = new JsonArray([.. cells.Values.Select(cell => (JsonNode)cell.ToJson())]);
        all[network] = own;
        Directory.CreateDirectory(Folder);
        System.IO.File.WriteAllText(File + ".part", all.ToJsonString(new() { WriteIndented = true }) + "\n");
        System.IO.File.Move(File + ".part", File, overwrite: true);
    }

    /// <summary>All networks' parts.</summary>
    public static JsonObject Load() => System.IO.File.Exists(File) ? JsonNode.Parse(System.IO.File.ReadAllText(File))!.AsObject() : [];

    void Keep(JsonObject line) => System.IO.File.AppendAllText(journal, line.ToJsonString() + "\n");
}
