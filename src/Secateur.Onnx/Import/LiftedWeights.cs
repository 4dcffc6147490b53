using System.Collections.Immutable;
using Secateur.Models.Checkpoints;
using Secateur.Onnx.Import.Patterns;

namespace Secateur.Onnx.Import;

/// <summary>The weights of a graph under our names, as a checkpoint has them. Nothing is converted before it is asked for.</summary>
internal sealed class LiftedWeights(string path) : TensorTable(path)
{
    // A file may use what it stores in several places, but no network does so in each of a thousand blocks.
    const long Most = 1L << 33;

    long all;

    /// <summary>Adds a weight.</summary>
    /// <param name="name">Our name.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="read">Gives its numbers.</param>
    /// <exception cref="CheckpointException">There are more than any network has.</exception>
    public void Add(string name, ImmutableArray<int> shape, Func<float[]> read)
    {
        long length = Sizes.Product(shape);
        if (length < 0 || (all += length) > Most)
            throw new CheckpointException($"{Path}: the weights of its graph together are more than any network's that runs here.");
        Add(name, shape, to =>
        {
            float[] values = read();
            if (values.Length != to.Length)
                throw new CheckpointException($"{Path}: the weight '{name}' has {values.Length} numbers; expected {to.Length}.");
            values.CopyTo(to);
        });
    }

    /// <summary>Adds what is stored as it is.</summary>
    public void Add(string name, Edge stored) => Add(name, stored.Shape ?? [], () => stored.Floats() ?? throw stored.Expected($"the stored weight '{name}'"));

    /// <summary>Adds a product.</summary>
    public void Add(string name, LinearPattern product)
    {
        Add($"{name}.weight", [product.Outputs, product.Inputs], product.ReadWeight);
        if (product.Bias is not null)
            Add($"{name}.bias", [product.Outputs], () => product.ReadBias()!);
    }

    /// <summary>Adds a norm.</summary>
    public void Add(string name, NormPattern? norm, int width)
    {
        Add($"{name}.weight", [width], () => norm?.ReadScale(width) ?? [.. Enumerable.Repeat(1f, width)]);
        Add($"{name}.bias", [width], () => norm?.ReadShift(width) ?? new float[width]);
    }

    /// <summary>Adds a product whose rows come from others'; the first may be multiplied by a number.</summary>
    public void Add(string name, IReadOnlyList<ColumnsOf> parts, float firstTimes = 1)
    {
        int width = parts[0].Product.Inputs;
        Add($"{name}.weight", [parts.Sum(part => part.Columns.Length), width], () => Scaled([.. parts.SelectMany(part => Rows(part.Product.ReadWeight(), part.Columns, width))], parts[0].Columns.Length * width));
        if (parts.Any(part => part.Product.Bias is not null))
            Add($"{name}.bias", [parts.Sum(part => part.Columns.Length)], () => Scaled([.. parts.SelectMany(part => Rows(part.Product.ReadBias() ?? new float[part.Product.Outputs], part.Columns, 1))], parts[0].Columns.Length));

        float[] Scaled(float[] values, int count)
        {
            for (int i = 0; firstTimes != 1 && i < count; i++)
                values[i] *= firstTimes;
            return values;
        }
    }

    static float[] Rows(float[] values, int[] rows, int width)
    {
        var taken = new float[rows.Length * width];
        for (int i = 0; i < rows.Length; i++)
            values.AsSpan(rows[i] * width, width).CopyTo(taken.AsSpan(i * width));
        return taken;
    }
}
