namespace Secateur.Evaluation.Timing;

/// <summary>Milliseconds of a run, part by part. They add up to the median of the runs that nobody watched.</summary>
/// <param name="Embedding">From pictures to tokens.</param>
/// <param name="Attention">All blocks' attention with its norm and residual, and what it yields for methods on the way.</param>
/// <param name="Mlp">All blocks' MLPs with their norms and residuals.</param>
/// <param name="Selection">Decisions, and applying them.</param>
/// <param name="Head">Final norm and classifier.</param>
public readonly record struct StageTimes(double Embedding, double Attention, double Mlp, double Selection, double Head)
{
    /// <summary>How far the medians of the parts, in the rounds that were watched, were from adding up to the median of the rounds that were
    /// not, as a part of it: what watching costs, and what medians leave. The parts as given were scaled by it.</summary>
    public double Error { get; init; }

    /// <summary>All parts together.</summary>
    public double Whole => Embedding + Attention + Mlp + Selection + Head;

    /// <summary>From runs that were watched.</summary>
    /// <param name="watched">Milliseconds of each part in each run; at least one run.</param>
    /// <param name="whole">The median of the runs that nobody watched, milliseconds.</param>
    internal static StageTimes Of(IReadOnlyList<StageTimes> watched, double whole)
    {
        double Median(Func<StageTimes, double> part) => Spread.Of(watched.Select(part)).Median;
        var medians = new StageTimes(Median(one => one.Embedding), Median(one => one.Attention), Median(one => one.Mlp), Median(one => one.Selection), Median(one => one.Head));
        double scale = medians.Whole > 0 ? whole / medians.Whole : 0;
        return new(medians.Embedding * scale, medians.Attention * scale, medians.Mlp * scale, medians.Selection * scale, medians.Head * scale)
        {
            Error = Math.Abs(medians.Whole - whole) / whole,
        };
    }
}
