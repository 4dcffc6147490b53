using Secateur.Evaluation.Timing;

namespace Secateur.Cli.Commands.Timing;

/// <summary>A plan's timing with what it computed.</summary>
/// <param name="Timing">The timing.</param>
/// <param name="BlockMacs">Multiply-adds of the blocks for one picture: what most papers count.</param>
/// <param name="SelectionMacs">Of selection.</param>
/// <param name="Macs">All that is executed: blocks, patch embedding, classifier and selection.</param>
/// <param name="IsDense">Whether it removes nothing.</param>
internal sealed record TimedPlan(PlanTiming Timing, double BlockMacs, double SelectionMacs, double Macs, bool IsDense)
{
    /// <summary>Pictures a second under the plan.</summary>
    public double PicturesPerSecond => Timing.Batch * 1000 / Timing.Plan.P50;

    /// <summary>10^9 operations a second under the plan; a multiply-add is two.</summary>
    public double GflopsPerSecond => Speed(Macs, Timing.Batch, Timing.Plan.P50);

    /// <summary>10^9 operations a second; a multiply-add is two.</summary>
    public static double Speed(double macs, int batch, double milliseconds) => 2 * macs * batch / milliseconds / 1e6;
}
