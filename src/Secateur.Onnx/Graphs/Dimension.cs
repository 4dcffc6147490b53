using System.Globalization;

namespace Secateur.Onnx.Graphs;

/// <summary>One side of a tensor in a graph: a number, or a name for a number that is known only when the graph runs ("batch").</summary>
public readonly record struct Dimension
{
    Dimension(int size, string? name) => (Size, Name) = (size, name);

    /// <summary>The number; -1 where it is known only by name.</summary>
    public int Size { get; }

    /// <summary>The name; null where the number is known.</summary>
    public string? Name { get; }

    /// <summary>Whether the number is known.</summary>
    public bool Known => Name is null;

    /// <summary>A side of this many.</summary>
    /// <param name="size">0 or more.</param>
    public static implicit operator Dimension(int size) => new(size, null);

    /// <summary>A side that is known by name.</summary>
    /// <param name="name">Equal names are equal numbers.</param>
    /// <returns>The dimension.</returns>
    public static Dimension Named(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new(-1, name);
    }

    /// <summary>As many of these, one after the other.</summary>
    internal Dimension Times(int count) => Known ? Size * count : Named(string.Create(CultureInfo.InvariantCulture, $"{Name} * {count}"));

    /// <inheritdoc/>
    public override string ToString() => Name ?? Size.ToString(CultureInfo.InvariantCulture);

    /// <summary>What two sides become when one tensor is spread over the other.</summary>
    internal static Dimension Spread(Dimension a, Dimension b, string what) =>
        a == b || b == 1 ? a : a == 1 ? b : throw new ArgumentException($"{what}: sides of {a} and {b} do not go together.");
}
