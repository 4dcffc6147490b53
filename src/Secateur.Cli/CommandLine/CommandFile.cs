using System.CommandLine;
using System.CommandLine.Help;
using System.Text;
using System.Text.Json;

namespace Secateur.Cli.CommandLine;

/// <summary>A command line from a file, <c>--config</c>: a JSON object whose keys are the command's long options without dashes and its
/// arguments in lower case. It is turned into words before anything else looks at it, so that every command has it; what is typed wins.</summary>
internal static class CommandFile
{
    const string Name = "--config";
    const int MostBytes = 1 << 20;

    /// <summary>The option, for every command.</summary>
    public static Option<string?> Option() => new(Name)
    {
        Description = "A JSON file with options of this command, {\"model\": \"scenes-vit\", \"batch\": 4}. What is typed wins over it.",
        HelpName = "FILE.json",
        Recursive = true,
    };

    /// <summary>The file that a command line names.</summary>
    /// <param name="typed">The command line.</param>
    /// <returns>Its path; null where there is none.</returns>
    public static string? Named(ParseResult typed) =>
        typed.RootCommandResult.Command.Options.FirstOrDefault(option => option.Name == Name) is { } option && typed.GetResult(option)?.Tokens is [var path] ? path.Value : null;

    /// <summary>Puts what the file says behind what was typed.</summary>
    /// <param name="typed">The command line, parsed.</param>
    /// <param name="args">The same, as words.</param>
    /// <param name="path">The file.</param>
    /// <returns>The whole command line.</returns>
    /// <exception cref="BadInputException">The file is no such object, or has a key that the command does not know.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<string> Expand(ParseResult typed, IReadOnlyList<string> args, string path)
    {
        Command command = typed.CommandResult.Command;
        Dictionary<string, Symbol[]> known = Keys(command);
        List<string> options = [], arguments = [];
        using JsonDocument document = Read(path);
        foreach (JsonProperty property in document.RootElement.EnumerateObject())
        {
            if (!known.TryGetValue(property.Name, out Symbol[]? symbols))
                throw new BadInputException($"{path}: secateur {string.Join(' ', ((ToolCommand)command).Words)} knows no \"{property.Name}\"; it knows {(known.Count == 0 ? "none" : string.Join(", ", known.Keys))}.");
            if (Array.Exists(symbols, symbol => IsTyped(typed, symbol)))
                continue;
            string where = $"{path}: \"{property.Name}\"";
            if (symbols[0] is Option option)
                options.AddRange(Words(option, property.Value, where));
            else
                arguments.AddRange(Values(property.Value, where, ((Argument)symbols[0]).Arity));
        }

        // Behind "--" every word is a value, whatever it looks like.
        int end = args.ToList().IndexOf("--");
        IEnumerable<string> before = end < 0 ? args : args.Take(end), after = end < 0 ? [] : args.Skip(end + 1);
        return end < 0 && arguments.Count == 0 ? [.. args, .. options] : [.. before, .. options, "--", .. after, .. arguments];
    }

    /// <summary>What a file may say to a command: its arguments and its options; one of each may have the same name.</summary>
    /// <param name="command">The command.</param>
    /// <returns>Keys, and what each is about.</returns>
    public static Dictionary<string, Symbol[]> Keys(Command command) => command.Arguments.Cast<Symbol>()
        .Concat(command.Options.Where(option => option is not HelpOption && option.Name.StartsWith("--", StringComparison.Ordinal)))
        .Where(symbol => !symbol.Hidden && symbol.Name != Name)
        .GroupBy(symbol => symbol is Option ? symbol.Name[2..] : symbol.Name.ToLowerInvariant())
        .ToDictionary(symbols => symbols.Key, symbols => symbols.ToArray(), StringComparer.Ordinal);

    static bool IsTyped(ParseResult typed, Symbol symbol) => symbol is Option option
        ? typed.GetResult(option) is { Implicit: false }
        : typed.GetResult((Argument)symbol)?.Tokens.Count > 0;

    static IEnumerable<string> Words(Option option, JsonElement value, string where)
    {
        List<string> values = Values(value, where, ArgumentArity.OneOrMore);
        // A list for an option that stands once is what is typed with commas.
        if (option.Arity.MaximumNumberOfValues == 1 && values.Count > 1)
            values = [string.Join(',', values)];
        foreach (string one in values)
            if (one.Length > 0)
                yield return $"{option.Name}={one}";
            else
            {
                yield return option.Name;
                yield return one;
            }
    }

    static List<string> Values(JsonElement value, string where, ArgumentArity arity)
    {
        JsonElement[] all = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        if (all.Length == 0)
            throw new BadInputException($"{where} is an empty list; leave the key away.");
        return all.Length <= Math.Max(1, arity.MaximumNumberOfValues)
            ? [.. all.Select(one => Text(one, where))]
            : throw new BadInputException($"{where} takes {(arity.MaximumNumberOfValues <= 1 ? "one value" : $"at most {arity.MaximumNumberOfValues} values")}, not {all.Length}.");
    }

    static string Text(JsonElement value, string where)
    {
        string text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => throw new BadInputException($"{where} is {value.ValueKind}; a text, a number, true, false, or a list of these is meant."),
        };
        return text.Any(char.IsControl) ? throw new BadInputException($"{where} holds a control character; no option takes one.") : text;
    }

    static JsonDocument Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        var bytes = new byte[MostBytes + 1];
        int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > MostBytes)
            throw new BadInputException($"{path} has more than {MostBytes} bytes; no file of options has. Is it another file?");
        try
        {
            // Decoded first: text that is not UTF-8 becomes replacement characters, never an exception of another kind later.
            JsonDocument document = JsonDocument.Parse(Encoding.UTF8.GetString(bytes, 0, length), new JsonDocumentOptions { MaxDepth = 3, AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document;
            document.Dispose();
        }
        catch (JsonException e)
        {
            throw new BadInputException($"{path} is not JSON that can be read as options: {e.Message}");
        }

        throw new BadInputException($"{path}: options are a JSON object, {{\"model\": \"scenes-vit\", \"batch\": 4}}.");
    }
}
