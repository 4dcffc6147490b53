using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Secateur.Cli.Commands;

/// <summary>Writes what a network says about pictures, one after another.</summary>
internal abstract class ClassificationWriter
{
    /// <summary>The form for whoever reads: JSON when asked for, a picture of it for a person, columns for a program.</summary>
    public static ClassificationWriter For(Terminal terminal, bool json) =>
        json ? new JsonLines(terminal.Out) : terminal.OutIsPerson ? new ForPeople(terminal) : new Columns(terminal.Out);

    /// <summary>Writes one.</summary>
    public abstract void Write(Classification classification);

    /// <summary>One object a line: {"file", "top": [{"index", "label", "probability"}], "milliseconds", "macs", "tokens"}.</summary>
    sealed class JsonLines(TextWriter output) : ClassificationWriter
    {
        static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

        public override void Write(Classification classification)
        {
            using var bytes = new MemoryStream();
            using (var json = new Utf8JsonWriter(bytes, Readable))
            {
                json.WriteStartObject();
                json.WriteString("file", classification.File);
                json.WriteStartArray("top");
                foreach (Guess guess in classification.Top)
                {
                    json.WriteStartObject();
                    json.WriteNumber("index", guess.Index);
                    json.WriteString("label", guess.Label);
                    json.WriteNumber("probability", guess.Probability);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteNumber("milliseconds", Math.Round(classification.Milliseconds, 3));
                json.WriteNumber("macs", classification.Macs);
                json.WriteNumber("tokens", classification.Tokens);
                json.WriteEndObject();
            }

            output.WriteLine(Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
        }
    }

    /// <summary>Tab-separated: file, rank, index, label, probability.</summary>
    sealed class Columns(TextWriter output) : ClassificationWriter
    {
        public override void Write(Classification classification)
        {
            for (int rank = 0; rank < classification.Top.Count; rank++)
            {
                Guess guess = classification.Top[rank];
                output.WriteLine($"{classification.File}\t{rank + 1}\t{guess.Index}\t{guess.Name}\t{guess.Probability:0.000000}");
            }
        }
    }

    /// <summary>The file, then a bar for each class.</summary>
    sealed class ForPeople(Terminal terminal) : ClassificationWriter
    {
        const int BarWidth = 20;
        const string Eighths = "▏▎▍▌▋▊▉█";

        public override void Write(Classification classification)
        {
            (string bold, string dim, string colour, string off) = terminal.Colours ? ("\e[1m", "\e[2m", "\e[32m", "\e[0m") : ("", "", "", "");
            terminal.Out.WriteLine(
                $"{bold}{classification.File}{off}  {dim}{classification.Milliseconds:0.0} ms, {classification.Macs / 1e9:0.00} GMAC, {classification.Tokens} tokens at the end{off}");
            foreach (Guess guess in classification.Top)
                terminal.Out.WriteLine($"  {guess.Probability,6:0.0%}  {colour}{Bar(guess.Probability)}{off}  {guess.Name}");
        }

        static string Bar(float part)
        {
            int eighths = (int)Math.Round(part * BarWidth * 8);
            string bar = new('█', eighths / 8);
            return (eighths % 8 > 0 ? bar + Eighths[(eighths % 8) - 1] : bar).PadRight(BarWidth);
        }
    }
}
