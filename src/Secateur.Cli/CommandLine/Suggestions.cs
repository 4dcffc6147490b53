using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Invocation;
using Secateur.Compression.Tokens;
using Secateur.Models.Hub;

namespace Secateur.Cli.CommandLine;

/// <summary>What may come next on a command line: <c>secateur "[suggest:POSITION]" "secateur classify --pl"</c>, one a line; nothing where
/// files are meant. The scripts of <c>secateur completion</c> ask this.</summary>
/// <param name="directive">Where the position stands.</param>
internal sealed class Suggestions(SuggestDirective directive) : SynchronousCommandLineAction
{
    const int MostPulled = 1000;

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <summary>Teaches the options and arguments that take names which names there are.</summary>
    /// <param name="command">A command; those below it are taught too.</param>
    public static void Teach(Command command)
    {
        foreach (Option option in command.Options)
            if (Names(option.Name) is { } names)
                option.CompletionSources.Add(_ => names().Select(name => new CompletionItem(name)));
        foreach (Argument argument in command.Arguments)
            if (Names(argument.Name == "NAME" ? command.Name : argument.Name) is { } names)
            {
                // The help would list all names otherwise.
                argument.HelpName ??= argument.Name;
                argument.CompletionSources.Add(_ => names().Select(name => new CompletionItem(name)));
            }

        foreach (Command below in command.Subcommands)
            Teach(below);
    }

    /// <summary>What may come next.</summary>
    /// <param name="line">The whole command line, the program's name first.</param>
    /// <param name="position">Where the cursor is in it, characters.</param>
    /// <returns>Whole words that begin with what was typed of this one.</returns>
    public static IEnumerable<string> Of(string line, int position)
    {
        string typed = line[..Math.Clamp(position, 0, line.Length)];
        int program = typed.TakeWhile(c => !char.IsWhiteSpace(c)).Count();
        if (program == typed.Length)
            return [];
        typed = typed[program..].TrimStart();
        string word = typed[(typed.LastIndexOfAny([' ', '\t']) + 1)..];
        // Of a list with commas the last one is being typed.
        string before = word[..(word.LastIndexOf(',') + 1)];
        (typed, word) = (typed[..(typed.Length - word.Length)] + word[before.Length..], word[before.Length..]);
        IEnumerable<string> all = Tool.Root().Parse(typed).GetCompletions(typed.Length).Select(item => item.InsertText ?? item.Label);
        return all.Where(one => one.StartsWith(word, StringComparison.Ordinal) && (word.StartsWith('-') ? one.StartsWith("--", StringComparison.Ordinal) : one[0] is not ('-' or '/'))).Distinct().Select(one => before + one);
    }

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        string line = parseResult.Tokens.LastOrDefault(token => token.Type != System.CommandLine.Parsing.TokenType.Directive)?.Value ?? "";
        int position = int.TryParse(parseResult.GetResult(directive)?.Values is [var text, ..] ? text : null, out int at) ? at : line.Length;
        foreach (string suggestion in Of(line, position))
            parseResult.InvocationConfiguration.Output.WriteLine(suggestion);
        return ExitCode.Done;
    }

    static Func<IEnumerable<string>>? Names(string symbol) => symbol switch
    {
        "--plan" or "--plans" or "PLAN" or "plans" => () => TokenPlans.All.Select(plan => plan.Name).Concat(TokenMethods.All.Select(method => method.Name)).Prepend("dense").Distinct(),
        "--method" or "--methods" or "methods" => () => TokenMethods.All.Select(method => method.Name),
        "--model" or "--against" or "MODEL" => () => [.. Network.BundledNames, .. Pulled()],
        _ => null,
    };

    static IEnumerable<string> Pulled()
    {
        const string Prefix = "models--";
        try
        {
            var cache = new HubCache(Network.Hub().CacheFolder);
            return [.. Directory.EnumerateDirectories(Network.Hub().CacheFolder, Prefix + "*").Take(MostPulled)
                .Select(folder => Path.GetFileName(folder)[Prefix.Length..].Replace("--", "/", StringComparison.Ordinal))
                .Where(name => cache.TryFind(name) is not null)
                .Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or UsageException)
        {
            return [];
        }
    }
}
