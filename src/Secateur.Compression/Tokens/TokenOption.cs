using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Secateur.Compression.Tokens;

/// <summary>One option of a token method, for people: in help, in docs and in errors.</summary>
/// <param name="Name">As a plan file calls it.</param>
/// <param name="Values">What it may be: "whole number from 0 to 100000", "true or false".</param>
/// <param name="Default">What it is when a plan does not say, as JSON.</param>
/// <param name="Summary">What it does.</param>
public sealed record TokenOption(string Name, string Values, string Default, string Summary);

/// <summary>One option of the record <typeparamref name="TOptions"/>: how a plan file names, reads and writes it.</summary>
internal sealed record TokenOption<TOptions>(
    string Name, string Values, string Summary, Func<TOptions, JsonNode> Write, Func<JsonElement, TOptions, TOptions?> Read)
    where TOptions : class
{
    /// <summary>What other options must be so that this one counts; empty where it always does.</summary>
    public string Condition { get; private init; } = "";

    /// <summary>Whether this one counts.</summary>
    public Func<TOptions, bool> Counts { get; private init; } = _ => true;

    /// <summary>The same option, which counts only under a condition; a plan that sets it where it does not count is refused.</summary>
    public TokenOption<TOptions> When(string condition, Func<TOptions, bool> counts) => this with { Condition = condition, Counts = counts };
}

/// <summary>The kinds of options there are.</summary>
internal static class TokenOptions<TOptions>
    where TOptions : class
{
    internal static TokenOption<TOptions> Whole(
        string name, int from, int to, string summary, Func<TOptions, int> get, Func<TOptions, int, TOptions> with) =>
        new(name, $"whole number from {from} to {to}", summary, o => JsonValue.Create(get(o)), (json, o) =>
            json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out int value) && from <= value && value <= to ? with(o, value) : null);

    internal static TokenOption<TOptions> Number(
        string name, double from, double to, string summary, Func<TOptions, double> get, Func<TOptions, double, TOptions> with) =>
        new(name, $"number from {from} to {to}", summary, o => JsonValue.Create(get(o)), (json, o) =>
            json.ValueKind == JsonValueKind.Number && json.TryGetDouble(out double value) && from <= value && value <= to ? with(o, value) : null);

    internal static TokenOption<TOptions> Flag(
        string name, string summary, Func<TOptions, bool> get, Func<TOptions, bool, TOptions> with) =>
        new(name, "true or false", summary, o => JsonValue.Create(get(o)), (json, o) =>
            json.ValueKind is JsonValueKind.True or JsonValueKind.False ? with(o, json.GetBoolean()) : null);

    internal static TokenOption<TOptions> Choice<TEnum>(
        string name, string summary, Func<TOptions, TEnum> get, Func<TOptions, TEnum, TOptions> with)
        where TEnum : struct, Enum
    {
        TEnum[] values = Enum.GetValues<TEnum>();
        string[] names = [.. Enum.GetNames<TEnum>().Select(Hyphenated)];
        return new(name, string.Join(", ", names[..^1]) + " or " + names[^1], summary, o => JsonValue.Create(names[Array.IndexOf(values, get(o))]), (json, o) =>
            json.ValueKind == JsonValueKind.String && Array.IndexOf(names, json.GetString()) is var i and >= 0 ? with(o, values[i]) : null);
    }

    // SequentialU is sequential-u.
    static string Hyphenated(string name)
    {
        var text = new StringBuilder();
        foreach (char c in name)
        {
            if (char.IsUpper(c) && text.Length > 0)
                text.Append('-');
            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
