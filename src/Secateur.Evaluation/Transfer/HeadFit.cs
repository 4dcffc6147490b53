using System.Collections.Immutable;

namespace Secateur.Evaluation.Transfer;

/// <summary>How a classifier is fitted.</summary>
public enum HeadKind
{
    /// <summary>Ridge regression, in closed form.</summary>
    Ridge,

    /// <summary>Multinomial logistic regression, by L-BFGS.</summary>
    Logistic,
}

/// <summary>A classifier that was fitted, and how.</summary>
/// <param name="Head">The classifier, of all features that were given.</param>
/// <param name="Strength">The strength of regularisation that was chosen.</param>
/// <param name="Tried">Every strength, and what was right of the part held out.</param>
public sealed record HeadFit(LinearHead Head, double Strength, ImmutableArray<(double Strength, Proportion Right)> Tried)
{
    /// <summary>One of so many training pictures is held out to choose the strength.</summary>
    const int HeldOut = 5;

    const int FewestOfClass = 2;

    /// <summary>The strengths that are tried, the strongest first: of equal ones the stronger is taken.</summary>
    public static ImmutableArray<double> Strengths { get; } = [1, 0.1, 0.01, 0.001, 0.0001];

    /// <summary>Fits on features alone: the network stays as it is.</summary>
    /// <param name="features">To learn from.</param>
    /// <param name="names">Of the classes, for errors; one each.</param>
    /// <param name="kind">How.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The classifier.</returns>
    /// <exception cref="InvalidDataException">There are not two classes, or one has too few pictures.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static HeadFit Of(FeatureSet features, ImmutableArray<string> names, HeadKind kind, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (names.Length < 2)
            throw new InvalidDataException($"There is one class alone ({string.Join(", ", names)}); a classifier needs two at least.");
        if (Enumerable.Range(0, names.Length).Where(c => features.Labels.Count(label => label == c) < FewestOfClass).ToArray() is { Length: > 0 } few)
            throw new InvalidDataException($"{string.Join(", ", few.Take(3).Select(c => names[c]))}{(few.Length > 3 ? $" and {few.Length - 3} more classes have" : " has")} fewer than {FewestOfClass} pictures to learn from; add some, or leave the class out.");
        (FeatureSet rest, FeatureSet heldOut) = features.HoldOut(HeldOut);
        var tried = ImmutableArray.CreateBuilder<(double Strength, Proportion Right)>();
        foreach (double strength in Strengths)
        {
            cancellation.ThrowIfCancellationRequested();
            tried.Add((strength, Fit(rest, strength).Right(heldOut)));
        }

        double best = tried.MaxBy(one => one.Right.Count).Strength;
        return new(Fit(features, best), best, tried.ToImmutable());

        LinearHead Fit(FeatureSet from, double strength) =>
            kind == HeadKind.Ridge ? RidgeHead.Fit(from, names.Length, strength) : LogisticHead.Fit(from, names.Length, strength, cancellation);
    }
}
