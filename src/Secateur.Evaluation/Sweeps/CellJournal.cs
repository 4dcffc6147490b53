using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Secateur.Evaluation.Accuracy;

namespace Secateur.Evaluation.Sweeps;

/// <summary>What a running cell has so far: a line for each chunk that is done, written at once and never changed. A process that is killed
/// leaves at most one torn line at the end, which is left out when the cell goes on.</summary>
/// <remarks>The first line is the cell's identity. Every other begins with the first 16 hexadecimal digits of the SHA-256 of its rest.</remarks>
internal sealed class CellJournal : IDisposable
{
    const int Check = 16;
    const long MostBytes = 1L << 30;

    readonly FileStream file;

    CellJournal(FileStream file) => this.file = file;

    /// <summary>A chunk that is done.</summary>
    /// <param name="Index">Which.</param>
    /// <param name="Answers">One a picture, those that could not be read included.</param>
    /// <param name="Bad">Those that could not be read.</param>
    internal sealed record Chunk(int Index, IReadOnlyList<PictureAnswer> Answers, IReadOnlyList<BadPicture> Bad);

    /// <summary>Opens a cell's journal, for this process alone, and reads what it has.</summary>
    /// <param name="path">The file; its folder is made if it is missing.</param>
    /// <param name="identity">The cell's. What was written under another one is thrown away.</param>
    /// <param name="pictures">First picture and number of pictures of a chunk.</param>
    /// <param name="classes">Of the network.</param>
    /// <param name="done">Receives the chunks that are done, by index; of one that was written twice the last counts.</param>
    /// <exception cref="IOException">Another process writes to it.</exception>
    internal static CellJournal Open(string path, string identity, Func<int, (int From, int Count)?> pictures, int classes, Dictionary<int, Chunk> done)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1 << 16);
        }
        catch (IOException e)
        {
            throw new IOException($"{path} is in use: another process measures this cell ({e.Message}). Let it finish, or stop it.", e);
        }

        long good = 0;
        using (var reader = new StreamReader(file, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, leaveOpen: true))
        {
            string text = file.Length <= MostBytes ? reader.ReadToEnd() : "";
            int at = text.IndexOf('\n') + 1;
            if (at > 0 && text[..(at - 1)] == identity)
                for (good = at; text.IndexOf('\n', at) is var end and > 0 && Parse(text[at..end], path, pictures, classes) is { } chunk; good = at = end + 1)
                    done[chunk.Index] = chunk;
        }

        // Everything that is written is ASCII: characters are bytes.
        file.SetLength(good);
        file.Position = good;
        var journal = new CellJournal(file);
        if (good == 0)
            journal.Append(identity);
        return journal;
    }

    /// <summary>Forgets what it has.</summary>
    internal void Clear(string identity)
    {
        file.SetLength(0);
        Append(identity);
    }

    /// <summary>Adds a chunk.</summary>
    internal void Add(Chunk chunk)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("chunk", chunk.Index);
            AnswersJson.Write(json, chunk.Answers, chunk.Bad);
            json.WriteEndObject();
        }

        string line = Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        Append(CheckOf(line) + line);
    }

    public void Dispose() => file.Dispose();

    void Append(string line)
    {
        file.Write(Encoding.UTF8.GetBytes(line + "\n"));
        file.Flush();
    }

    static Chunk? Parse(string line, string path, Func<int, (int From, int Count)?> pictures, int classes)
    {
        if (line.Length <= Check || CheckOf(line[Check..]) != line[..Check])
            return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(line.AsMemory(Check), new JsonDocumentOptions { MaxDepth = 4, AllowDuplicateProperties = false });
            JsonElement json = document.RootElement;
            if (json.ValueKind != JsonValueKind.Object || ResultsJson.Number(json, "chunk") is not { } index || pictures(index) is not var (from, count))
                return null;
            (var answers, var bad) = AnswersJson.Read(json, path, from, count, classes);
            return new(index, answers, bad);
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or InvalidOperationException)
        {
            // What cannot be used is measured again.
            return null;
        }
    }

    static string CheckOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..Check];
}
