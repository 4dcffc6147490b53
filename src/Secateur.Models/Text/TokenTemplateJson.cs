using System.Collections.Immutable;
using System.Text.Json;
using Secateur.Models.Checkpoints;

namespace Secateur.Models.Text;

/// <summary>Reads the post-processor of <c>tokenizer.json</c>: TemplateProcessing, BertProcessing, RobertaProcessing, or a sequence with one of them.</summary>
internal static class TokenTemplateJson
{
    const int MostParts = 64, MostTypes = 2;

    /// <summary>Reads it; null adds nothing.</summary>
    /// <exception cref="CheckpointException">It is of another kind, or its parts do not fit together.</exception>
    public static TokenTemplate Read(ConfigFile? processor, Vocabulary vocabulary) => processor?.Text("type") switch
    {
        null when processor is null => TokenTemplate.Plain,
        "ByteLevel" => TokenTemplate.Plain,
        "BertProcessing" => TokenTemplate.Bert(Special(processor, "cls"), Special(processor, "sep")),
        "RobertaProcessing" => TokenTemplate.Roberta(Special(processor, "cls"), Special(processor, "sep")),
        "TemplateProcessing" => new(Parts(processor, "single", 1), processor.Has("pair") ? Parts(processor, "pair", 2) : TokenTemplate.Plain.Pair),
        "Sequence" => Only(processor, vocabulary),
        string other => throw processor.Wrong("type", $"\"{other}\"", "TemplateProcessing, BertProcessing, RobertaProcessing or ByteLevel"),
        null => throw processor!.Wrong("type", "absent", "TemplateProcessing, BertProcessing, RobertaProcessing or ByteLevel"),
    };

    static TokenTemplate Only(ConfigFile processor, Vocabulary vocabulary)
    {
        ConfigFile[] others = [.. processor.Objects("processors").Where(one => one.Text("type") != "ByteLevel")];
        return others.Length switch
        {
            0 => TokenTemplate.Plain,
            1 when others[0].Text("type") != "Sequence" => Read(others[0], vocabulary),
            _ => throw processor.Wrong("processors", $"{others.Length} parts that add tokens", "one"),
        };
    }

    /// <summary>["[CLS]", 101].</summary>
    static int Special(ConfigFile processor, string key)
    {
        JsonElement[] row = [.. processor.Rows(key).SelectMany(one => one)];
        return row is [_, { ValueKind: JsonValueKind.Number } number] && number.TryGetInt32(out int id) && id is >= 0 and < Vocabulary.Most
            ? id
            : throw processor.Wrong(key, "something else", "a token and its id");
    }

    static ImmutableArray<TemplatePart> Parts(ConfigFile processor, string key, int texts)
    {
        IReadOnlyList<ConfigFile> written = processor.Objects(key);
        if (written.Count > MostParts)
            throw processor.Wrong(key, $"of {written.Count} parts", $"at most {MostParts}");
        ImmutableArray<TemplatePart> parts = [.. written.Select(one => Part(processor, one))];
        for (int text = 0; text < 2; text++)
            if (parts.Count(part => part.Text == text) != (text < texts ? 1 : 0))
                throw processor.Wrong(key, "a template with other texts", texts == 1 ? "the text A once" : "the texts A and B, each once");
        return parts;
    }

    static TemplatePart Part(ConfigFile processor, ConfigFile one)
    {
        if (one.Object("Sequence") is { } text)
            return new(text.Text("id") switch { "A" => 0, "B" => 1, var other => throw text.Wrong("id", $"\"{other}\"", "A or B") }, [], Type(text));
        ConfigFile special = one.Object("SpecialToken") ?? throw one.Wrong("SpecialToken", "absent, and so is 'Sequence'", "one of them");
        string name = special.Text("id") ?? throw special.Wrong("id", "absent", "the name of a special token");
        ConfigFile token = processor.Object("special_tokens")?.Object(name) ?? throw special.Wrong("id", $"\"{Vocabulary.Short(name)}\"", "one of the template's special_tokens");
        JsonElement[] ids = [.. token.Rows("ids").SelectMany(row => row)];
        if (ids.Length is 0 or > MostParts)
            throw token.Wrong("ids", $"{ids.Length} numbers", $"1 to {MostParts}");
        return new(-1, [.. ids.Select(id => id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out int number) && number is >= 0 and < Vocabulary.Most
            ? number
            : throw token.Wrong("ids", id.GetRawText(), $"whole numbers from 0 to {Vocabulary.Most - 1}"))], Type(special));
    }

    static int Type(ConfigFile part) => part.Whole("type_id", 0, MostTypes - 1) ?? 0;
}
