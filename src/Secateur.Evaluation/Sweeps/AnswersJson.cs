using System.Collections.Immutable;
using System.Text.Json;
using Secateur.Evaluation.Accuracy;

namespace Secateur.Evaluation.Sweeps;

/// <summary>Answers as JSON, column by column: "top", "probability", "divergence", "macs", "selection-macs", and "bad" for those that could not be read.</summary>
internal static class AnswersJson
{
    const int MostWhy = 2000;

    internal static void Write(Utf8JsonWriter json, IReadOnlyList<PictureAnswer> answers, IReadOnlyList<BadPicture> bad)
    {
        json.WriteStartArray("bad");
        foreach (BadPicture picture in bad)
        {
            json.WriteStartArray();
            json.WriteNumberValue(picture.Index);
            json.WriteStringValue(picture.Why.Length <= MostWhy ? picture.Why : picture.Why[..MostWhy]);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        Column("top", answer => $"[{string.Join(',', answer.Top)}]");
        Column("probability", answer => $"{answer.Probability:R}");
        Column("divergence", answer => $"{answer.Divergence:R}");
        Column("macs", answer => $"{answer.Macs}");
        Column("selection-macs", answer => $"{answer.SelectionMacs}");

        void Column(string name, Func<PictureAnswer, string> value)
        {
            json.WritePropertyName(name);
            json.WriteRawValue($"[{string.Join(',', answers.Select(value))}]");
        }
    }

    /// <summary>Reads them, trusting nothing.</summary>
    /// <param name="json">The object that holds them.</param>
    /// <param name="where">For errors.</param>
    /// <param name="from">Index of the first picture.</param>
    /// <param name="count">How many there must be.</param>
    /// <param name="classes">Of the network.</param>
    /// <exception cref="InvalidDataException">They are no such columns.</exception>
    internal static (ImmutableArray<PictureAnswer> Answers, ImmutableArray<BadPicture> Bad) Read(JsonElement json, string where, int from, int count, int classes)
    {
        // Taken one after another: finding the i-th entry of a list of lists takes i steps.
        JsonElement.ArrayEnumerator top = Column("top"), probability = Column("probability"), divergence = Column("divergence"), macs = Column("macs"), selection = Column("selection-macs");
        var answers = ImmutableArray.CreateBuilder<PictureAnswer>(count);
        for (int i = 0; i < count; i++)
        {
            PictureAnswer answer = new(
                Top(Next(ref top)),
                Next(ref probability) is { ValueKind: JsonValueKind.Number } first && first.TryGetSingle(out float p) && p is >= 0 and <= 1.0001f ? p : throw Wrong($"probability[{i}]"),
                Next(ref divergence) is { ValueKind: JsonValueKind.Number } second && second.TryGetDouble(out double d) && d >= 0 && double.IsFinite(d) ? d : throw Wrong($"divergence[{i}]"),
                Macs(Next(ref macs), $"macs[{i}]"))
            {
                SelectionMacs = Macs(Next(ref selection), $"selection-macs[{i}]"),
            };
            answers.Add(answer.IsBad == (answer.Macs == 0) && answer.SelectionMacs <= answer.Macs ? answer : throw Wrong($"macs[{i}]"));
        }

        return (answers.MoveToImmutable(), Bad());

        JsonElement.ArrayEnumerator Column(string name) =>
            json.TryGetProperty(name, out JsonElement column) && column.ValueKind == JsonValueKind.Array && column.GetArrayLength() == count
                ? column.EnumerateArray()
                : throw new InvalidDataException($"{where} has no column \"{name}\" with a value for each of its {count} pictures; the file was changed or is damaged. Remove it, and it is made again.");

        static JsonElement Next(ref JsonElement.ArrayEnumerator column) => column.MoveNext() ? column.Current : default;

        long Macs(JsonElement value, string what) =>
            value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long whole) && whole >= 0 ? whole : throw Wrong(what);

        ImmutableArray<int> Top(JsonElement row)
        {
            if (row.ValueKind != JsonValueKind.Array || row.GetArrayLength() > PictureAnswer.Kept)
                throw Wrong("top");
            var read = ImmutableArray.CreateBuilder<int>(row.GetArrayLength());
            foreach (JsonElement one in row.EnumerateArray())
                read.Add(one.ValueKind == JsonValueKind.Number && one.TryGetInt32(out int c) && (uint)c < (uint)classes ? c : throw Wrong("top"));
            return read.MoveToImmutable();
        }

        ImmutableArray<BadPicture> Bad()
        {
            if (!json.TryGetProperty("bad", out JsonElement rows) || rows.ValueKind != JsonValueKind.Array || rows.GetArrayLength() > count)
                throw Wrong("bad");
            return [.. rows.EnumerateArray().Select(row =>
                row.ValueKind == JsonValueKind.Array && row.GetArrayLength() == 2 && row[1].ValueKind == JsonValueKind.String
                && row[0].ValueKind == JsonValueKind.Number && row[0].TryGetInt32(out int index) && index >= from && index < from + count
                    ? new BadPicture(index, row[1].GetString()!)
                    : throw Wrong("bad"))];
        }

        InvalidDataException Wrong(string what) => new($"{where}: {what} is not what secateur writes there; the file was changed or is damaged. Remove it, and it is made again.");
    }
}
