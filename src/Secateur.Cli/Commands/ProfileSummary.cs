using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Secateur.Evaluation.Profiling;

namespace Secateur.Cli.Commands;

/// <summary>What a profile says in a few lines, or as one JSON object.</summary>
/// <param name="profile">The profile.</param>
/// <param name="path">Its file.</param>
/// <param name="picture">The file of its picture.</param>
internal sealed class ProfileSummary(LatencyProfile profile, string path, string picture)
{
    /// <summary>A quiet machine stays well below this.</summary>
    const double MostOfAQuietMachine = 0.1;

    static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Write(Terminal terminal, bool json)
    {
        if (json)
            terminal.Out.WriteLine(Json());
        else
            ForPeople(terminal.Out);
    }

    void ForPeople(TextWriter output)
    {
        output.WriteLine($"{profile.Architecture}, {profile.Depth} blocks, {profile.PrefixTokens} + {profile.Patches} tokens, weights {profile.WeightsHash[..12]}");
        output.WriteLine($"on {profile.Device.Processor}, {profile.Threads} {(profile.Threads == 1 ? "thread" : "threads")}, {Registers} (device {profile.Device.Hash})");
        foreach (BatchLatency batch in profile.Batches)
        {
            output.WriteLine();
            output.WriteLine($"batch {batch.Batch}: {ProfileWords.Range(batch)}");
            output.WriteLine($"  {batch.Points.Length} numbers of tokens, {batch.Points.Min(point => point.Samples)} to {batch.Points.Max(point => point.Samples)} runs each, the middle half of them within {Width(batch):0.0%} of the median");
            if (Busy(batch))
                output.WriteLine("  The machine was busy with other things: measure again on a quiet one for numbers that are sure.");
            output.WriteLine($"  {ProfileWords.Steps(batch)}");
            foreach (LatencyStep step in batch.Steps)
                output.WriteLine($"    {step.Tokens,5} to {step.Next}: {ProfileWords.Signed(step.Milliseconds)}, of which {ProfileWords.Milliseconds(step.Trend)} is the slope around it (noise {ProfileWords.Milliseconds(step.Noise)})");
            output.WriteLine($"  {ProfileWords.Token(batch)}");
            foreach (string line in batch.Widths is { } widths ? WidthWords.Lines(widths) : [])
                output.WriteLine($"  {line}");
        }
    }

    /// <summary>Whether the machine did other things meanwhile, so that the medians are not sure.</summary>
    internal static bool Busy(BatchLatency batch) => Width(batch) > MostOfAQuietMachine;

    /// <summary>Half the distance of the quartiles as a part of the median, in the middle of all counts.</summary>
    static double Width(BatchLatency batch) =>
        Evaluation.Spread.Of(batch.Points.Select(point => (point.Milliseconds.Upper - point.Milliseconds.Lower) / 2 / point.Milliseconds.Median)).Median;

    /// <summary>Which registers another runtime uses is its own affair.</summary>
    string Registers => profile.Runtime == "secateur" ? $"{profile.Device.Registers}-bit registers" : $"in {profile.Runtime}";

    string Json()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Readable))
        {
            json.WriteStartObject();
            json.WriteString("profile", path);
            json.WriteString("picture", picture);
            json.WriteString("model", profile.Architecture);
            json.WriteString("weights", profile.WeightsHash);
            json.WriteString("runtime", profile.Runtime);
            json.WriteString("device", profile.Device.Hash);
            json.WriteNumber("threads", profile.Threads);
            json.WriteStartArray("batches");
            foreach (BatchLatency batch in profile.Batches)
                Write(json, batch);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    static void Write(Utf8JsonWriter json, BatchLatency batch)
    {
        json.WriteStartObject();
        json.WriteNumber("batch", batch.Batch);
        json.WriteNumber("counts", batch.Points.Length);
        json.WriteNumber("tokens", batch.Points[^1].Tokens);
        json.WriteNumber("milliseconds", Math.Round(batch.Points[^1].Milliseconds.Median, 4));
        json.WriteNumber("spread", Math.Round(Width(batch), 4));
        if (batch.TokenMilliseconds is { } token)
            json.WriteNumber("token", Math.Round(token, 5));
        if (batch.Dearest is { } dearest)
        {
            json.WriteStartObject("dearest");
            json.WriteNumber("tokens", dearest.Tokens);
            json.WriteNumber("next", dearest.Next);
            json.WriteNumber("milliseconds", Math.Round(dearest.Milliseconds, 5));
            json.WriteEndObject();
        }

        json.WriteStartArray("steps");
        foreach (LatencyStep step in batch.Steps)
        {
            json.WriteStartObject();
            json.WriteNumber("tokens", step.Tokens);
            json.WriteNumber("next", step.Next);
            json.WriteNumber("milliseconds", Math.Round(step.Milliseconds, 5));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (batch.Widths is { } widths)
            Write(json, widths);
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, WidthLatency widths)
    {
        json.WriteStartArray("shapes");
        foreach (ShapeLatency shape in widths.Shapes)
        {
            json.WriteStartObject();
            json.WriteNumber("blocks", shape.Blocks.Length);
            json.WriteNumber("heads", shape.Shape.Heads);
            json.WriteNumber("neurons", shape.Shape.Neurons);
            json.WriteNumber("head", Math.Round(WidthWords.Each(shape.Heads), 6));
            json.WriteNumber("neuron", Math.Round(WidthWords.Each(shape.Neurons), 6));
            json.WriteNumber("step", shape.Step);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
