namespace Secateur.Evaluation.Planning;

/// <summary>What a budget is a budget of.</summary>
public enum PlanMeasure
{
    /// <summary>Multiply-adds of one picture, with patch embedding and classifier.</summary>
    Macs,

    /// <summary>Predicted latency of a run, milliseconds.</summary>
    Latency,
}

/// <summary>What a plan costs, known without timing it.</summary>
/// <param name="Macs">Multiply-adds of one picture, with patch embedding and classifier; of an adaptive plan, the mean over some pictures.</param>
/// <param name="Milliseconds">What a profile predicts for a run of the batch; null without a profile.</param>
public readonly record struct PlanCost(double Macs, double? Milliseconds)
{
    /// <summary>One of the two.</summary>
    /// <exception cref="InvalidOperationException">There is no profile to predict the latency.</exception>
    public double Of(PlanMeasure measure) => measure == PlanMeasure.Macs
        ? Macs
        : Milliseconds ?? throw new InvalidOperationException("There is no profile to predict the latency by.");
}

/// <summary>The most that a plan may cost.</summary>
/// <param name="Measure">Of what.</param>
/// <param name="Limit">Multiply-adds, or milliseconds.</param>
public readonly record struct PlanBudget(PlanMeasure Measure, double Limit)
{
    /// <summary>Whether a plan of this cost stays within it.</summary>
    public bool Holds(PlanCost cost) => cost.Of(Measure) <= Limit;
}
