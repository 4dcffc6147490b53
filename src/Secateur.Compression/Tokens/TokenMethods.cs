using System.Collections.Immutable;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens;

/// <summary>The catalogue: one entry a method. Plans, the tool, the laws, the docs and the reports read this list.</summary>
public static class TokenMethods
{
    /// <summary>Every token method there is.</summary>
    public static ImmutableArray<TokenMethod> All { get; } =
    [
        ZeroTPruneMethod.Whole,
        ZeroTPruneMethod.Early,
        SpAtten.Entry,
        ToMe.Entry,
        DiffRate.Entry,
        Ltmp.Entry,
        DpcKnn.Entry,
        KMedoids.Entry,
        TailEffectPruning.Entry,
        EViT.Entry,
        AdaptiveTokenSampling.Entry,
        TopK.Entry,
        ZeroTPruneMethod.Random,
        CentreMask.Entry,
        DynamicVit.Entry,
        AVit.Entry,
        Composition.Entry,
    ];

    /// <summary>The method of this name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those there are.</exception>
    public static TokenMethod Get(string name) =>
        All.FirstOrDefault(method => method.Name == name)
        ?? throw new ArgumentException($"There is no token method '{name}'; choose one of {string.Join(", ", All.Select(method => method.Name))}.", nameof(name));

    /// <summary>The method of this reducer.</summary>
    /// <exception cref="ArgumentException">The catalogue does not know it.</exception>
    public static TokenMethod Of(ITokenReducer reducer) =>
        All.FirstOrDefault(method => method.Made(reducer))
        ?? throw new ArgumentException($"The catalogue does not know the method of a {reducer?.GetType().Name}; add one line to TokenMethods.", nameof(reducer));
}
