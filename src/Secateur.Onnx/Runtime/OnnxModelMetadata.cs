using System.Collections.Immutable;

namespace Secateur.Onnx.Runtime;

/// <summary>What a model says of itself.</summary>
/// <param name="Producer">The program that wrote it; may be empty.</param>
/// <param name="Graph">The name of its graph; may be empty.</param>
/// <param name="Description">A text for people; may be empty.</param>
/// <param name="Version">The number that its maker gave it.</param>
/// <param name="Properties">Its maker's own entries, by name.</param>
public sealed record OnnxModelMetadata(string Producer, string Graph, string Description, long Version, ImmutableSortedDictionary<string, string> Properties);
