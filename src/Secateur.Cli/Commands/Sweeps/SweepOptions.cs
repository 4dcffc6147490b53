using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Secateur.Compression.Tokens;
using Secateur.Evaluation.Sweeps;

namespace Secateur.Cli.Commands.Sweeps;

/// <summary>What a sweep measures, as lists with commas.</summary>
internal sealed class SweepOptions
{
    readonly Option<string> methods = new("--methods") { Description = "Methods with commas between (secateur methods lists them), or all.", HelpName = "A,B,...", Required = true };
    readonly Option<string> budgets = new("--budgets") { Description = "Parts of the dense multiply-adds that each method is brought to, with commas between.", HelpName = "0.9,0.8,...", Required = true };
    readonly Option<string?> seeds = new("--seeds") { Description = "For methods that draw, with commas between. Default: 0.", HelpName = "0,1,..." };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[methods, budgets, seeds])
            command.Add(option);
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="UsageException">One of them is no such list.</exception>
    public SweepSpec Read(ParseResult arguments) => new(
        arguments.GetRequiredValue(methods) == "all" ? TokenMethods.All : List(methods, arguments.GetRequiredValue(methods), Method),
        List(budgets, arguments.GetRequiredValue(budgets), Budget),
        List(seeds, arguments.GetValue(seeds) ?? "0", Seed));

    static TokenMethod Method(string word) => TokenMethods.All.FirstOrDefault(method => method.Name == word)
        ?? throw new UsageException($"--methods: there is no method '{word}'; choose from {string.Join(", ", TokenMethods.All.Select(method => method.Name))}, or all.");

    static double Budget(string word) => double.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double part) && part is > 0 and < 1 && Math.Round(part, 6) == part
        ? part
        : throw new UsageException($"--budgets: {word} is no part of the dense multiply-adds between 0 and 1, with up to six digits, as 0.8 is.");

    static int Seed(string word) => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int seed)
        ? seed
        : throw new UsageException($"--seeds: {word} is no whole number from 0.");

    static ImmutableArray<T> List<T>(Option option, string text, Func<string, T> read)
    {
        T[] all = [.. text.Split(',', StringSplitOptions.TrimEntries).Select(read)];
        return all.Distinct().Count() == all.Length ? [.. all] : throw new UsageException($"{option.Name} {text} names something twice; name each once.");
    }
}
