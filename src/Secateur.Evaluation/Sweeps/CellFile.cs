using System.Text.Json;
using Secateur.Models.Checkpoints;

namespace Secateur.Evaluation.Sweeps;

/// <summary>A cell's answers as JSON; docs/formats/results.md describes every key. The same answers are always the same bytes.</summary>
public static class CellFile
{
    const string Format = "secateur-cell";
    const long MostBytes = 1L << 30;
    const string Remedy = "Remove it, and it is made again.";

    /// <summary>Writes a result; the file appears whole or not at all.</summary>
    /// <param name="result">The result.</param>
    /// <param name="path">Where it goes.</param>
    public static void Save(CellResult result, string path)
    {
        ArgumentNullException.ThrowIfNull(result);
        AtomicFile.Write(path, stream =>
        {
            using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteNumber("version", ResultsJson.Version);
            json.WriteString("cell", result.Cell);
            json.WriteString("identity", result.Identity);
            json.WriteNumber("from", result.Range.From);
            json.WriteNumber("to", result.Range.To);
            json.WriteNumber("of", result.Range.Of);
            AnswersJson.Write(json, result.Answers, result.Bad);
            json.WriteEndObject();
        });
    }

    /// <summary>Reads a result.</summary>
    /// <param name="path">The file.</param>
    /// <param name="classes">Of the network.</param>
    /// <returns>The result.</returns>
    /// <exception cref="InvalidDataException">It is no such file, or damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CellResult Load(string path, int classes) => ResultsJson.Load(
        path, Format, MostBytes, depth: 4,
        json =>
        {
            var range = new PictureRange(ResultsJson.Number(json, "from") ?? -1, ResultsJson.Number(json, "to") ?? -1, ResultsJson.Number(json, "of") ?? -1);
            if (range.From < 0 || range.To < range.From || range.Of < range.To || ResultsJson.Text(json, "cell") is not { } cell || ResultsJson.Text(json, "identity") is not { } identity)
                throw new InvalidDataException($"{path} does not say which cell and which pictures it has; it was changed or is damaged. {Remedy}");
            (var answers, var bad) = AnswersJson.Read(json, path, range.From, range.Count, classes);
            return new CellResult(cell, identity, range, answers, bad);
        },
        Remedy);
}
