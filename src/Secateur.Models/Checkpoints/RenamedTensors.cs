using System.Collections.Immutable;

namespace Secateur.Models.Checkpoints;

/// <summary>The tensors of a checkpoint under other names, some of them made of several that lie below each other. Nothing is read before its turn.</summary>
internal sealed class RenamedTensors : ITensorSource
{
    readonly ITensorSource source;
    readonly Dictionary<string, TensorInfo> tensors = [];
    readonly Dictionary<string, ImmutableArray<Part>> parts = [];

    public RenamedTensors(ITensorSource source) => this.source = source;

    public string Path => source.Path;

    public IReadOnlyDictionary<string, TensorInfo> Tensors => tensors;

    /// <summary>Adds a tensor: the named ones below each other, with zeros where a name is null.</summary>
    /// <param name="name">Its new name.</param>
    /// <param name="sources">Names in the checkpoint; at least one.</param>
    /// <param name="missingRows">First dimension of the parts that have no name.</param>
    /// <param name="dimensions">Length of the shape at least, filled with leading ones.</param>
    public void Add(string name, IReadOnlyList<string?> sources, int missingRows = 0, int dimensions = 0)
    {
        TensorInfo first = source.Tensors[sources.First(part => part is not null)!];
        long rows = 0;
        var list = ImmutableArray.CreateBuilder<Part>(sources.Count);
        foreach (string? part in sources)
        {
            if (part is null)
            {
                list.Add(new(null, missingRows));
                rows += missingRows;
                continue;
            }

            TensorInfo info = source.Tensors[part];
            if (sources.Count > 1 && (info.Shape.IsEmpty || !info.Shape.Skip(1).SequenceEqual(first.Shape.Skip(1))))
                throw new CheckpointException($"{Path}: the weight '{part}' has shape {TensorTypes.Describe(info.Shape)}; expected [any, {string.Join(", ", first.Shape.Skip(1))}] as '{first.Name}' has.");
            list.Add(new(part, info.Length));
            rows += info.Shape.IsEmpty ? 0 : info.Shape[0];
        }

        ImmutableArray<int> shape = first.Shape;
        if (sources.Count > 1)
        {
            long length = list.Sum(part => (long)part.Length);
            if (length > int.MaxValue || rows > int.MaxValue)
                throw new CheckpointException($"{Path}: the weights {string.Join(", ", sources)} have {length} numbers together, more than is read here.");
            shape = shape.SetItem(0, (int)rows);
        }

        while (shape.Length < dimensions)
            shape = shape.Insert(0, 1);
        if (!tensors.TryAdd(name, new(name, first.Type, shape)))
            throw new CheckpointException($"{Path}: the weight '{name}' is there twice, under two names.");
        parts.Add(name, list.ToImmutable());
    }

    /// <summary>What a weight is called in the checkpoint, for errors: "'blocks.0.norm1.weight' ('encoder.layer.0.layernorm_before.weight' in the file)".</summary>
    public string Describe(string name)
    {
        if (!parts.TryGetValue(name, out ImmutableArray<Part> list))
            return $"'{name}'";
        string[] names = [.. list.Where(part => part.Name is not null).Select(part => $"'{part.Name}'")];
        return names is [var single] && single == $"'{name}'" ? single : $"'{name}' ({string.Join(", ", names)} in the file)";
    }

    public void Read(string name, Span<float> destination)
    {
        if (!parts.TryGetValue(name, out ImmutableArray<Part> list))
            throw new CheckpointException($"{Path}: there is no weight '{name}'.");
        if (destination.Length != tensors[name].Length)
            throw new CheckpointException($"{Path}: the weight {Describe(name)} has shape {TensorTypes.Describe(tensors[name].Shape)}, {tensors[name].Length} numbers; expected {destination.Length}.");
        foreach ((string? part, int length) in list)
        {
            if (part is null)
                destination[..length].Clear();
            else
                source.Read(part, destination[..length]);
            destination = destination[length..];
        }
    }

    readonly record struct Part(string? Name, int Length);
}
