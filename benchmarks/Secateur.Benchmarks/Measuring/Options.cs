using System.Globalization;

namespace Secateur.Benchmarks.Measuring;

/// <summary>Options of a verb: <c>--name value</c>.</summary>
internal sealed class Options
{
    readonly Dictionary<string, string> values = [];

    public Options(ReadOnlySpan<string> arguments, params ReadOnlySpan<string> known)
    {
        for (int i = 0; i < arguments.Length; i += 2)
        {
            if (!known.Contains(arguments[i]) || i + 1 == arguments.Length)
                throw new ArgumentException($"'{arguments[i]}' is no option here, or has no value; there are {string.Join(", ", known.ToArray())}.");
            values[arguments[i]] = arguments[i + 1];
        }
    }

    public int Number(string name, int otherwise) => values.TryGetValue(name, out string? value) ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;

    public int[] Numbers(string name, params int[] otherwise) =>
        values.TryGetValue(name, out string? value) ? [.. value.Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture))] : otherwise;

    public string[] Words(string name, params string[] otherwise) => values.TryGetValue(name, out string? value) ? value.Split(',') : otherwise;
}
