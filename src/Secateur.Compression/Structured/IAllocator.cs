namespace Secateur.Compression.Structured;

/// <summary>Says what stays within a budget.</summary>
public interface IAllocator
{
    /// <summary>Chooses. A budget that everything fits into keeps everything.</summary>
    /// <param name="scores">How much each unit matters.</param>
    /// <param name="costs">What each unit costs.</param>
    /// <param name="budget">In the unit of the costs; what is paid anyway counts.</param>
    /// <returns>A plan that costs no more.</returns>
    /// <exception cref="ArgumentException">Not even a network without heads and neurons fits.</exception>
    StructurePlan Allocate(UnitScores scores, UnitCosts costs, double budget);
}
