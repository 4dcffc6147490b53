using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Secateur.Compression.Structured;
using Secateur.Compression.Structured.Score;
using Secateur.Compression.Structured.Score.Optin;

namespace Secateur.Cli.Commands.Pruning;

/// <summary>Who scores, who allocates, who corrects, as it is typed.</summary>
internal sealed class PruneMethods
{
    const string Optin = "optin", OptinFast = "optin-fast";

    readonly Option<string?> scorer = Chosen("--scorer", "Says how much heads and neurons matter", UsualScorer);
    readonly Option<string?> allocator = Chosen("--allocator", "Says what stays within the budget", UsualAllocator);
    readonly Option<string?> corrector = Chosen("--corrector", "Makes up for what is removed", UsualCorrector);

    /// <summary>The scorer without a word of it.</summary>
    internal static string UsualScorer => OptinFast;

    /// <summary>The allocator without a word of it.</summary>
    internal static string UsualAllocator => "mask-search";

    /// <summary>The corrector without a word of it.</summary>
    internal static string UsualCorrector => "rescale-bias";

    readonly Option<double?> lambda = new("--lambda") { Description = "optin, optin-fast: the weight of the answers beside the later blocks, both summed over all heads and neurons. Default: 1; with --compatibility 0.1, as released for MNLI (0.01 for QNLI and DeiT-S).", HelpName = "X" };
    readonly Option<bool> compatibility = new("--compatibility") { Description = "optin: the scores of the released code, its oddities included, instead of the paper's; with --tokens, its share of heads and neurons." };
    readonly Option<int?> probes = new("--probes") { Description = $"optin-fast: random directions, each a way back through the network. Default: {new FastOptinOptions().Probes}.", HelpName = "N" };
    readonly Option<int?> seed = new("--seed") { Description = "optin, optin-fast, random: draws what is drawn. Default: 0.", HelpName = "N" };

    /// <summary>The options.</summary>
    public PruneMethods()
    {
        CommonOptions.AtLeast(probes, 1);
        lambda.Validators.Add(result =>
        {
            if (result.Tokens is [var word] && double.TryParse(word.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && !(value is >= 0 and < 1e9))
                result.AddError($"--lambda must be a number from 0, not {word.Value}.");
        });
    }

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [scorer, allocator, corrector, .. OfScorers];

    Option[] OfScorers => [lambda, compatibility, probes, seed];

    /// <summary>The first of them that was typed; null for none.</summary>
    public string? Named(ParseResult arguments) => All.FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false })?.Name;

    /// <summary>Whether it is to be done as OPTIN's released code does it.</summary>
    public bool Released(ParseResult arguments) => arguments.GetValue(compatibility);

    /// <summary>Those that were typed, with their options.</summary>
    /// <param name="arguments">What was typed.</param>
    /// <param name="usualAllocator">Where none was typed; null for <see cref="UsualAllocator"/>.</param>
    /// <exception cref="UsageException">There is no such method.</exception>
    public ChosenMethods Of(ParseResult arguments, string? usualAllocator = null)
    {
        StructuredMethod<IScorer> score = Find(StructuredMethods.Scorers, arguments, scorer, UsualScorer);
        StructuredMethod<IAllocator> allocate = Find(StructuredMethods.Allocators, arguments, allocator, usualAllocator ?? UsualAllocator);
        StructuredMethod<ICorrector> correct = Find(StructuredMethods.Correctors, arguments, corrector, UsualCorrector);
        return new(score.Name, Create(score, arguments), allocate.Name, allocate.Create(), correct.Name, correct.Create());
    }

    /// <summary>Every option that was typed must be one of the scorer.</summary>
    IScorer Create(StructuredMethod<IScorer> method, ParseResult arguments)
    {
        Option[] own = method.Name switch { Optin => [lambda, compatibility, seed], OptinFast => [lambda, probes, seed], "random" => [seed], _ => [] };
        if (OfScorers.Except(own).FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false }) is { } other)
            throw new UsageException($"{other.Name} is no option of {method.Name}; leave it out, or choose another --scorer.");
        int drawn = arguments.GetValue(seed) ?? 0;
        OptinOptions optin = (Released(arguments) ? OptinOptions.Released : new()) with { Seed = drawn };
        if (arguments.GetValue(lambda) is { } weight)
            optin = optin with { Lambda = weight };
        var fast = new FastOptinOptions { Optin = optin, Seed = drawn };
        return method.Name switch
        {
            Optin => new ExactOptin(optin),
            OptinFast => new FastOptin(arguments.GetValue(probes) is { } count ? fast with { Probes = count, AnswerProbes = count } : fast),
            "random" => new RandomUnits(drawn),
            _ => method.Create(),
        };
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
