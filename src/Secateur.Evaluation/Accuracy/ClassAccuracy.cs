namespace Secateur.Evaluation.Accuracy;

/// <summary>How often the pictures of one class were answered rightly.</summary>
/// <param name="Class">The class, as the network counts.</param>
/// <param name="Dense">Right answers of the dense network.</param>
/// <param name="Plan">Right answers under the plan.</param>
public readonly record struct ClassAccuracy(int Class, Proportion Dense, Proportion Plan);
