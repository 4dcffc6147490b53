using System.Text.Json.Nodes;

namespace Secateur.Benchmarks.Measuring;

/// <summary>One part of the results.</summary>
/// <param name="Title">What was measured.</param>
/// <param name="Bounds">The promises it is about.</param>
/// <param name="Table">A table for people, markdown; may be empty.</param>
/// <param name="Data">The same for programs.</param>
internal sealed record Section(string Title, IReadOnlyList<Bound> Bounds, string Table, JsonNode Data);
