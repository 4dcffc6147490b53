using System.Collections.Immutable;
using System.Text.Json;
using Secateur.Compression;
using Secateur.Compression.Tokens;
using Secateur.Models.Checkpoints;

namespace Secateur.Evaluation.Sweeps;

/// <summary>What results are results of, as JSON; the plans of the cells lie beside it, a file each. docs/formats/results.md describes every key.</summary>
public static class ResultsManifestFile
{
    const string Format = "secateur-results";
    const int MostBytes = 1 << 24;
    const int MostCells = 100_000, MostWords = 64;

    /// <summary>Writes a manifest and the plans of its cells; each file appears whole or not at all, the manifest last.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="folder">Where the files go.</param>
    public static void Save(ResultsManifest manifest, ResultsFolder folder)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(folder);
        foreach (SweepCell cell in manifest.Cells)
            TokenPlanFile.Save(cell.Plan, folder.Plan(cell.Name));
        AtomicFile.Write(folder.Manifest, stream =>
        {
            using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteNumber("version", ResultsJson.Version);
            json.WriteString("tool", manifest.Tool);
            json.WriteString("model", manifest.Model);
            json.WriteString("architecture", manifest.Architecture);
            json.WriteString("weights", manifest.Weights);
            json.WriteNumber("classes", manifest.Classes);
            json.WriteString("data", manifest.Data);
            json.WriteStartArray("data-options");
            foreach (string word in manifest.DataOptions)
                json.WriteStringValue(word);
            json.WriteEndArray();
            json.WriteString("pictures", manifest.Pictures);
            json.WriteNumber("count", manifest.Count);
            json.WriteBoolean("labelled", manifest.Labelled);
            json.WriteString("pictures-hash", manifest.PicturesHash);
            json.WriteString("preprocessing", manifest.Preprocessing);
            json.WriteNumber("batch", manifest.Batch);
            json.WriteNumber("dense-macs", manifest.DenseMacs.Total);
            json.WriteNumber("dense-block-macs", manifest.DenseMacs.Blocks);
            json.WriteStartArray("cells");
            foreach (SweepCell cell in manifest.Cells)
                Write(json, cell);
            json.WriteEndArray();
            json.WriteStartArray("labels");
            foreach (string label in manifest.Labels)
                json.WriteStringValue(label);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    /// <summary>Reads a manifest and the plans of its cells.</summary>
    /// <param name="folder">Where the files lie.</param>
    /// <returns>The manifest.</returns>
    /// <exception cref="InvalidDataException">It is no such file, or damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="PlanException">A plan cannot be read.</exception>
    public static ResultsManifest Load(ResultsFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        string path = folder.Manifest;
        return ResultsJson.Load(path, Format, MostBytes, depth: 4, json => new ResultsManifest
        {
            Tool = Text(json, "tool"),
            Model = Text(json, "model"),
            Architecture = Text(json, "architecture"),
            Weights = Text(json, "weights"),
            Classes = (int)Number(json, "classes", 1, 1 << 24),
            Data = Text(json, "data"),
            Pictures = Text(json, "pictures"),
            Count = (int)Number(json, "count", 1, int.MaxValue),
            Labelled = json.TryGetProperty("labelled", out JsonElement labelled) && labelled.ValueKind == JsonValueKind.True,
            PicturesHash = Text(json, "pictures-hash"),
            Preprocessing = Text(json, "preprocessing"),
            Batch = (int)Number(json, "batch", 1, int.MaxValue),
            DenseMacs = (Number(json, "dense-block-macs", 1, long.MaxValue), Number(json, "dense-macs", 1, long.MaxValue)),
            Cells = Cells(json),
            DataOptions = Words(json, "data-options", MostWords),
            Labels = Words(json, "labels", 1 << 24),
        });

        ImmutableArray<SweepCell> Cells(JsonElement json)
        {
            ImmutableArray<SweepCell> cells = [.. List(json, "cells", MostCells).Select(Cell)];
            return cells.Select(cell => cell.Name).Distinct(StringComparer.Ordinal).Count() == cells.Length ? cells : throw Wrong("cells");
        }

        ImmutableArray<string> Words(JsonElement json, string key, int most) =>
            [.. List(json, key, most).Select(word => word.ValueKind == JsonValueKind.String ? word.GetString()! : throw Wrong(key))];

        SweepCell Cell(JsonElement json)
        {
            string name = Text(json, "name");
            if (!IsName(name))
                throw Wrong("cells");
            return new(name, TokenPlanFile.Load(folder.Plan(name)))
            {
                Method = json.TryGetProperty("method", out _) ? Text(json, "method") : null,
                Budget = json.TryGetProperty("budget", out JsonElement budget) ? budget.ValueKind == JsonValueKind.Number && budget.TryGetDouble(out double part) && part is > 0 and < 1 ? part : throw Wrong("budget") : null,
                Seed = json.TryGetProperty("seed", out _) ? (int)Number(json, "seed", int.MinValue, int.MaxValue) : null,
            };
        }

        IEnumerable<JsonElement> List(JsonElement json, string key, int most) =>
            json.TryGetProperty(key, out JsonElement list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() <= most ? list.EnumerateArray() : throw Wrong(key);

        string Text(JsonElement json, string key) =>
            json.ValueKind == JsonValueKind.Object && json.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(key);

        long Number(JsonElement json, string key, long from, long to) =>
            json.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number >= from && number <= to ? number : throw Wrong(key);

        InvalidDataException Wrong(string key) => new($"{path}: \"{key}\" is missing or is not what secateur writes there; the file was changed or is damaged.");
    }

    /// <summary>Whether a cell may have this name: it becomes part of the names of files.</summary>
    internal static bool IsName(string name) =>
        name.Length is > 0 and <= 100 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.') && name[0] != '.';

    static void Write(Utf8JsonWriter json, SweepCell cell)
    {
        json.WriteStartObject();
        json.WriteString("name", cell.Name);
        if (cell.Method is not null)
            json.WriteString("method", cell.Method);
        if (cell.Budget is { } budget)
            json.WriteNumber("budget", budget);
        if (cell.Seed is { } seed)
            json.WriteNumber("seed", seed);
        json.WriteEndObject();
    }
}
