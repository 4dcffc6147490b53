namespace Secateur.Evaluation.Accuracy;

/// <summary>A picture that the dense network answered rightly and the plan wrongly; without labels, one whose answer changed.</summary>
/// <param name="Index">The picture's index in the set.</param>
/// <param name="Name">Its name.</param>
/// <param name="Label">Its class; -1 where it has none.</param>
/// <param name="Dense">The dense network's answer.</param>
/// <param name="DenseProbability">How sure the dense network was of it.</param>
/// <param name="Plan">The plan's answer.</param>
/// <param name="PlanProbability">How sure the network was of that.</param>
public readonly record struct Regression(int Index, string Name, int Label, int Dense, float DenseProbability, int Plan, float PlanProbability);
