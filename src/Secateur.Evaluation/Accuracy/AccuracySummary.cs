using System.Collections.Immutable;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Sweeps;
using Secateur.Evaluation.Timing;

namespace Secateur.Evaluation.Accuracy;

/// <summary>How a plan answers compared with the dense network on the same pictures; a function of what both answered and of nothing else. Pictures that
/// either could not read are left out of both. Intervals are of 95%; they say what other pictures of the same kind would give.</summary>
public sealed record AccuracySummary
{
    /// <summary>Pictures that both read: what everything here is over.</summary>
    public required int Images { get; init; }

    /// <summary>Pictures that could not be read.</summary>
    public required int Bad { get; init; }

    /// <summary>Pictures whose likeliest class under the plan is their label; null without labels.</summary>
    public required Proportion? Top1 { get; init; }

    /// <summary>Pictures whose label is among the five likeliest; null without labels.</summary>
    public required Proportion? Top5 { get; init; }

    /// <summary><see cref="Top1"/> of the dense network.</summary>
    public required Proportion? DenseTop1 { get; init; }

    /// <summary><see cref="Top5"/> of the dense network.</summary>
    public required Proportion? DenseTop5 { get; init; }

    /// <summary>Pictures that both answer alike, right or wrong.</summary>
    public required Proportion Agreement { get; init; }

    /// <summary>Mean KL of the plan's probabilities from the dense network's, nats; by <see cref="Bootstrap"/>.</summary>
    public required Estimate Divergence { get; init; }

    /// <summary>The dense network's top-1 less the plan's, in [-1, 1]: below 0 where the plan is better; by <see cref="PairedDifference"/>. Null without labels.</summary>
    public required Estimate? Lost { get; init; }

    /// <summary>How likely so uneven a loss and gain were, did the two not differ: <see cref="Accuracy.McNemar.Exact"/>. Null without labels.</summary>
    public required double? McNemar { get; init; }

    /// <summary>Top-1 class by class, for the classes that have pictures; empty without labels.</summary>
    public required ImmutableArray<ClassAccuracy> Classes { get; init; }

    /// <summary>Pictures that are answered wrongly under the plan only (without labels: otherwise), those first of which the dense network was surest.</summary>
    public required ImmutableArray<Regression> Regressions { get; init; }

    /// <summary>Mean multiply-adds of a picture as executed, with patch embedding, classifier and selection.</summary>
    public required double Macs { get; init; }

    /// <summary>Those of <see cref="Macs"/> that selection took, in the mean.</summary>
    public required double SelectionMacs { get; init; }

    /// <summary><see cref="Macs"/> over the dense network's.</summary>
    public required double MacRatio { get; init; }

    /// <summary>Whether the accuracy lost is beyond what these pictures leave open: its interval does not hold 0. False without labels.</summary>
    public bool Differs => Lost is { } lost && (lost.Low > 0 || lost.High < 0);

    /// <summary>Compares a plan with the dense network.</summary>
    /// <param name="cell">What was answered under the plan.</param>
    /// <param name="dense">What the dense network answered on the same pictures; the same again compares it with itself.</param>
    /// <param name="pictures">All pictures of the set.</param>
    /// <returns>The summary.</returns>
    /// <exception cref="ArgumentException">The two are of different pictures, or of others than these.</exception>
    /// <exception cref="InvalidDataException">No picture could be read.</exception>
    public static AccuracySummary Of(CellResult cell, CellResult dense, ImmutableArray<PictureEntry> pictures)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(dense);
        if (cell.Range != dense.Range || cell.Range.Of != pictures.Length || cell.Answers.Length != cell.Range.Count || dense.Answers.Length != cell.Range.Count)
            throw new ArgumentException($"Answers for {cell.Range}, dense answers for {dense.Range} and {pictures.Length} pictures do not go together.", nameof(dense));
        Pair[] pairs = [.. Enumerable.Range(0, cell.Range.Count)
            .Select(i => new Pair(cell.Range.From + i, pictures[cell.Range.From + i], dense.Answers[i], cell.Answers[i]))
            .Where(pair => !pair.Dense.IsBad && !pair.Plan.IsBad)];
        if (pairs.Length == 0)
            throw new InvalidDataException($"None of the {cell.Range.Count} pictures of {cell.Cell} could be read; there is nothing to say about them.");
        bool labelled = pairs.All(pair => pair.Picture.Label >= 0);
        int lost = pairs.Count(pair => pair.DenseRight && !pair.PlanRight), gained = pairs.Count(pair => pair.PlanRight && !pair.DenseRight);
        double macs = pairs.Average(pair => (double)pair.Plan.Macs);
        return new()
        {
            Images = pairs.Length,
            Bad = cell.Range.Count - pairs.Length,
            Top1 = labelled ? Count(pair => pair.PlanRight) : null,
            Top5 = labelled ? Count(pair => pair.Plan.Top.Contains(pair.Picture.Label)) : null,
            DenseTop1 = labelled ? Count(pair => pair.DenseRight) : null,
            DenseTop5 = labelled ? Count(pair => pair.Dense.Top.Contains(pair.Picture.Label)) : null,
            Agreement = Count(pair => pair.Same),
            Divergence = Bootstrap.Mean([.. pairs.Select(pair => pair.Plan.Divergence)]),
            Lost = labelled ? PairedDifference.Of(lost, gained, pairs.Length) : null,
            McNemar = labelled ? Accuracy.McNemar.Exact(lost, gained) : null,
            Classes = labelled ? ByClass(pairs) : [],
            Regressions = Changed(pairs.Where(pair => labelled ? pair.DenseRight && !pair.PlanRight : !pair.Same)),
            Macs = macs,
            SelectionMacs = pairs.Average(pair => (double)pair.Plan.SelectionMacs),
            MacRatio = macs / pairs.Average(pair => (double)pair.Dense.Macs),
        };

        Proportion Count(Func<Pair, bool> holds) => new(pairs.Count(holds), pairs.Length);
    }

    static ImmutableArray<ClassAccuracy> ByClass(Pair[] pairs) =>
        [.. pairs.GroupBy(pair => pair.Picture.Label).OrderBy(group => group.Key)
            .Select(group => new ClassAccuracy(group.Key, new(group.Count(pair => pair.DenseRight), group.Count()), new(group.Count(pair => pair.PlanRight), group.Count())))];

    static ImmutableArray<Regression> Changed(IEnumerable<Pair> pairs) =>
        [.. pairs.OrderByDescending(pair => pair.Dense.Probability).ThenBy(pair => pair.Index)
            .Select(pair => new Regression(pair.Index, pair.Picture.Name, pair.Picture.Label, pair.Dense.Top[0], pair.Dense.Probability, pair.Plan.Top[0], pair.Plan.Probability))];

    readonly record struct Pair(int Index, PictureEntry Picture, PictureAnswer Dense, PictureAnswer Plan)
    {
        public bool DenseRight => Dense.Top[0] == Picture.Label;

        public bool PlanRight => Plan.Top[0] == Picture.Label;

        public bool Same => Plan.Top[0] == Dense.Top[0];
    }
}
