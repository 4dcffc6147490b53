using System.Collections.Immutable;
using System.CommandLine;
using Secateur.Compression.Structured;

namespace Secateur.Cli.Commands.Pruning;

/// <summary>Who scores, who allocates, who corrects, as it is typed.</summary>
internal sealed class PruneMethods
{
    readonly Option<string?> scorer = Chosen("--scorer", "Says how much heads and neurons matter", UsualScorer);
    readonly Option<string?> allocator = Chosen("--allocator", "Says what stays within the budget", UsualAllocator);
    readonly Option<string?> corrector = Chosen("--corrector", "Makes up for what is removed", UsualCorrector);

    /// <summary>The scorer without a word of it.</summary>
    internal static string UsualScorer => "magnitude";

    /// <summary>The allocator without a word of it.</summary>
    internal static string UsualAllocator => "mask-search";

    /// <summary>The corrector without a word of it.</summary>
    internal static string UsualCorrector => "none";

    /// <summary>The options.</summary>
    public IEnumerable<Option> All => [scorer, allocator, corrector];

    /// <summary>The first of them that was typed; null for none.</summary>
    public string? Named(ParseResult arguments) => All.FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false })?.Name;

    /// <summary>Those that were typed, with their options.</summary>
    /// <param name="arguments">What was typed.</param>
    /// <param name="usualAllocator">Where none was typed; null for <see cref="UsualAllocator"/>.</param>
    /// <exception cref="UsageException">There is no such method.</exception>
    public ChosenMethods Of(ParseResult arguments, string? usualAllocator = null)
    {
        StructuredMethod<IScorer> score = Find(StructuredMethods.Scorers, arguments, scorer, UsualScorer);
        StructuredMethod<IAllocator> allocate = Find(StructuredMethods.Allocators, arguments, allocator, usualAllocator ?? UsualAllocator);
        StructuredMethod<ICorrector> correct = Find(StructuredMethods.Correctors, arguments, corrector, UsualCorrector);
        return new(score.Name, score.Create(), allocate.Name, allocate.Create(), correct.Name, correct.Create());
    }

    static StructuredMethod<T> Find<T>(ImmutableArray<StructuredMethod<T>> methods, ParseResult arguments, Option<string?> option, string usual)
    {
        string name = arguments.GetValue(option) ?? usual;
        return methods.FirstOrDefault(method => method.Name == name)
            ?? throw new UsageException($"{option.Name}: there is no '{name}'; choose from {string.Join(", ", methods.Select(method => method.Name))}.");
    }

    static Option<string?> Chosen(string name, string does, string usual) => new(name) { Description = $"{does} (secateur methods --structured lists them). Default: {usual}.", HelpName = "NAME" };
}

/// <summary>Who scores, allocates and corrects, by name and in person.</summary>
internal sealed record ChosenMethods(string Scorer, IScorer Score, string Allocator, IAllocator Allocate, string Corrector, ICorrector Correct);
