namespace Secateur.Benchmarks.Measuring;

/// <summary>A promise about speed or memory, and what was measured.</summary>
/// <param name="Name">What is bounded.</param>
/// <param name="Required">The promise.</param>
/// <param name="Measured">The measurement, with its spread where it has one.</param>
/// <param name="Holds">Whether the promise is kept.</param>
internal sealed record Bound(string Name, string Required, string Measured, bool Holds);
