namespace Secateur.Compression.Structured;

/// <summary>Says what stays within a budget.</summary>
public interface IAllocator
{
    /// <summary>Chooses. A budget that everything fits into keeps everything; among units of a block with equal scores the first stays.</summary>
    /// <param name="scores">How much each unit matters.</param>
    /// <param name="costs">What each block costs with every number of heads and neurons.</param>
    /// <param name="budget">In the unit of the costs; what is paid anyway counts.</param>
    /// <returns>A plan that costs no more.</returns>
    /// <exception cref="ArgumentException">Not even a network without heads and neurons fits, a score is no number, or scores and costs are of different networks.</exception>
    StructurePlan Allocate(UnitScores scores, StructureCosts costs, double budget);
}
