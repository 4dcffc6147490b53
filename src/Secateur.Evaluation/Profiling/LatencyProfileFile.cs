using System.Text;
using System.Text.Json;
using Secateur.Models.Checkpoints;

namespace Secateur.Evaluation.Profiling;

/// <summary>Latency profiles as JSON. docs/formats/profile.md describes every key.</summary>
public static class LatencyProfileFile
{
    internal const string Format = "secateur-latency-profile";
    internal const int Version = 2;

    /// <summary>Files of this version lack widths, and are otherwise the same.</summary>
    internal const int OldestVersion = 1;


    /// <summary>A profile of 1370 token counts, 40 blocks and 30 rounds that was stopped before its end has about 30 MB.</summary>
    const int MostBytes = 1 << 26;

    /// <summary>Decimals of a millisecond that are written: 10 nanoseconds.</summary>
    const int Decimals = 5;

    /// <summary>Reads a profile from a file of at most 64 MB.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The profile.</returns>
    /// <exception cref="LatencyProfileException">It is not a profile; the message says where.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static LatencyProfile Load(string path)
    {
        using FileStream file = File.OpenRead(path);
        if (file.Length > MostBytes)
            throw new LatencyProfileException($"{path} has {file.Length} bytes; no latency profile has more than {MostBytes}. Is it another file?");
        return Parse(() => JsonDocument.Parse(file, LatencyProfileReader.Strict), path);
    }

    /// <summary>Writes a profile beside its target first, then renames it.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="path">Where it goes.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(LatencyProfile profile, string path) => AtomicFile.Write(path, stream =>
    {
        Write(profile, stream);
        stream.WriteByte((byte)'\n');
    });

    /// <summary>Reads a profile.</summary>
    /// <param name="json">Its text.</param>
    /// <param name="where">For errors: the file.</param>
    /// <returns>The profile.</returns>
    /// <exception cref="LatencyProfileException">It is not a profile; the message says where.</exception>
    public static LatencyProfile Parse(string json, string where = "profile")
    {
        ArgumentNullException.ThrowIfNull(json);
        return Parse(() => JsonDocument.Parse(json, LatencyProfileReader.Strict), where);
    }

    /// <summary>Writes a profile.</summary>
    /// <param name="profile">The profile.</param>
    /// <returns>Its text, indented.</returns>
    public static string Print(LatencyProfile profile)
    {
        using var bytes = new MemoryStream();
        Write(profile, bytes);
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    static LatencyProfile Parse(Func<JsonDocument> parse, string where)
    {
        try
        {
            using JsonDocument document = parse();
            return LatencyProfileReader.Read(document.RootElement, where);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter: text that is not Unicode
        {
            throw new LatencyProfileException($"{where} is not JSON that can be read as a latency profile: {e.Message}", e);
        }
    }

    static void Write(LatencyProfile profile, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(profile);
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteNumber("version", Version);
        json.WriteString("tool", profile.Tool);
        json.WriteString("runtime", profile.Runtime);
        json.WriteNumber("threads", profile.Threads);
        json.WriteStartObject("model");
        json.WriteString("architecture", profile.Architecture);
        json.WriteString("weights", profile.WeightsHash);
        json.WriteNumber("depth", profile.Depth);
        json.WriteNumber("prefix", profile.PrefixTokens);
        json.WriteNumber("patches", profile.Patches);
        json.WriteEndObject();
        DeviceJson.Write(json, profile.Device);
        json.WriteBoolean("finished", profile.Finished);
        json.WriteStartArray("batches");
        foreach (BatchLatency batch in profile.Batches)
            Write(json, batch);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, BatchLatency batch)
    {
        json.WriteStartObject();
        json.WriteNumber("batch", batch.Batch);
        if (batch.TokenMilliseconds is { } token)
            json.WriteNumber("token", Rounded(token));
        if (batch.Dearest is { } dearest)
        {
            json.WriteStartObject("dearest");
            json.WriteNumber("tokens", dearest.Tokens);
            json.WriteNumber("next", dearest.Next);
            json.WriteNumber("milliseconds", Rounded(dearest.Milliseconds));
            json.WriteEndObject();
        }

        json.WriteStartArray("steps");
        foreach (LatencyStep step in batch.Steps)
        {
            json.WriteStartObject();
            json.WriteNumber("tokens", step.Tokens);
            json.WriteNumber("next", step.Next);
            json.WriteNumber("milliseconds", Rounded(step.Milliseconds));
            json.WriteNumber("trend", Rounded(step.Trend));
            json.WriteNumber("noise", Rounded(step.Noise));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("points");
        foreach (LatencyPoint point in batch.Points)
            Write(json, point);
        json.WriteEndArray();
        if (batch.Widths is { } widths)
            WidthLatencyJson.Write(json, widths);
        if (!batch.Samples.IsEmpty)
        {
            json.WriteStartArray("samples");
            foreach (LatencySample sample in batch.Samples)
                json.WriteRawValue($"[{string.Join(',', [sample.Round, sample.Tokens, Rounded(sample.Milliseconds), .. sample.Blocks.SelectMany(block => new[] { Rounded(block.Attention), Rounded(block.Mlp) })])}]");
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, LatencyPoint point)
    {
        json.WriteStartObject();
        json.WriteNumber("tokens", point.Tokens);
        json.WriteNumber("median", Rounded(point.Milliseconds.Median));
        json.WriteNumber("lower", Rounded(point.Milliseconds.Lower));
        json.WriteNumber("upper", Rounded(point.Milliseconds.Upper));
        json.WriteNumber("samples", point.Samples);
        if (!point.Blocks.IsEmpty)
        {
            json.WriteNumber("outside", Rounded(point.Outside));
            json.WritePropertyName("attention");
            json.WriteRawValue($"[{string.Join(", ", point.Blocks.Select(block => Rounded(block.Attention)))}]");
            json.WritePropertyName("mlp");
            json.WriteRawValue($"[{string.Join(", ", point.Blocks.Select(block => Rounded(block.Mlp)))}]");
        }

        json.WriteEndObject();
    }

    internal static double Rounded(double milliseconds) => Math.Round(milliseconds, Decimals);
}
