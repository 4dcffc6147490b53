using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Secateur.Compression.Tokens;
using Secateur.Evaluation.Pictures;
using Secateur.Models.Tokens;

namespace Secateur.Cli.Commands;

/// <summary>What is said about a picture that is shown.</summary>
/// <param name="Picture">Which one.</param>
/// <param name="Plan">The plan's name.</param>
/// <param name="Dense">The answer with every token.</param>
/// <param name="Pruned">The answer under the plan.</param>
/// <param name="Trace">What the plan did.</param>
internal sealed record ShownAnswers(ShownPicture Picture, string Plan, IReadOnlyList<Guess> Dense, IReadOnlyList<Guess> Pruned, SurvivorTrace Trace)
{
    static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One line for people.</summary>
    public void Write(Terminal terminal)
    {
        (string bold, string red, string off) = terminal.Colours ? ("\e[1m", "\e[31m", "\e[0m") : ("", "", "");
        terminal.Out.WriteLine($"{bold}{Picture.Name}{off}{(Picture.Truth is { } truth ? $" ({truth})" : "")}");
        if (Dense is [var before, ..] && Pruned is [var after, ..])
            terminal.Out.WriteLine($"dense: {before.Name} {before.Probability:0.0%}; {Plan}: {(before.Index == after.Index ? "" : red)}{after.Name} {after.Probability:0.0%}{off}");
    }

    /// <summary>One object on a line; patches are counted row by row from 0, blocks from 0 as in plan files.</summary>
    public void WriteJson(TextWriter output)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Readable))
        {
            json.WriteStartObject();
            json.WriteString("file", Picture.Name);
            json.WriteString("truth", Picture.Truth);
            json.WriteString("plan", Plan);
            Write(json, "dense", Dense);
            Write(json, "pruned", Pruned);
            json.WriteStartArray("stages");
            foreach (SurvivorStage stage in Trace.Stages)
                Write(json, stage);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
    }

    static void Write(Utf8JsonWriter json, string name, IReadOnlyList<Guess> top)
    {
        json.WriteStartArray(name);
        foreach (Guess guess in top)
        {
            json.WriteStartObject();
            json.WriteNumber("index", guess.Index);
            json.WriteString("label", guess.Label);
            json.WriteNumber("probability", guess.Probability);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void Write(Utf8JsonWriter json, SurvivorStage stage)
    {
        json.WriteStartObject();
        json.WriteNumber("block", stage.Stage.Block);
        json.WriteString("position", stage.Stage.Position switch
        {
            TokenPosition.BeforeBlock => "before block",
            TokenPosition.AfterAttention => "after attention",
            _ => "after block",
        });
        json.WriteString("method", TokenMethods.Of(stage.Stage.Reducer).Name);
        json.WriteNumber("tokens", stage.Tokens);
        Write(json, "kept", stage.Kept);
        json.WriteStartArray("groups");
        foreach (var group in stage.Joined)
            Write(json, null, group);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, string? name, IEnumerable<int> patches)
    {
        if (name is null)
            json.WriteStartArray();
        else
            json.WriteStartArray(name);
        foreach (int patch in patches)
            json.WriteNumberValue(patch);
        json.WriteEndArray();
    }
}
