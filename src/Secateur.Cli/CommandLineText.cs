using System.CommandLine;

namespace Secateur.Cli;

/// <summary>A command line as a person types it again.</summary>
internal static class CommandLineText
{
    /// <summary>What was typed, with quotes where a shell needs them.</summary>
    public static string Of(ParseResult arguments) => string.Join(' ', arguments.Tokens.Select(token => Quoted(token.Value)).Prepend("secateur"));

    static string Quoted(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or ':' or ',' or '=' or '+' or '@' or '%') ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
