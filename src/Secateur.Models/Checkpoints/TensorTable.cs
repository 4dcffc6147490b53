using System.Collections.Immutable;

namespace Secateur.Models.Checkpoints;

/// <summary>Tensors that are made rather than read from a file: each by a function that writes its numbers when it is asked for.</summary>
/// <param name="path">Where they come from, for errors.</param>
public class TensorTable(string path) : ITensorSource
{
    readonly Dictionary<string, TensorInfo> tensors = [];
    readonly Dictionary<string, Action<Span<float>>> readers = [];

    /// <inheritdoc/>
    public string Path => path;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorInfo> Tensors => tensors;

    /// <summary>Adds a tensor, or replaces the one of this name.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="read">Writes its numbers, row-major.</param>
    public void Add(string name, ImmutableArray<int> shape, Action<Span<float>> read) => (tensors[name], readers[name]) = (new(name, TensorType.F32, shape), read);

    /// <inheritdoc/>
    public void Read(string name, Span<float> destination) => readers[name](destination);
}
