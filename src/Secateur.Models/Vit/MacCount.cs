namespace Secateur.Models.Vit;

/// <summary>Multiply-adds of one picture.</summary>
/// <param name="Blocks">Of all blocks: what the papers count.</param>
/// <param name="Total">Of blocks, patch embedding and classifier: what budgets mean.</param>
/// <param name="Selection">Of what the stages of the plan decide.</param>
public readonly record struct MacCount(long Blocks, long Total, long Selection)
{
    /// <summary>All that is executed: <see cref="Total"/> and <see cref="Selection"/>.</summary>
    public long Executed => Total + Selection;
}
