using System.Collections.Immutable;
using Secateur.Models.Checkpoints;

namespace Secateur.Compression.Structured;

/// <summary>The weights of a network, some of them cut; the others are read from it when they are asked for.</summary>
internal sealed class PrunedWeights() : TensorTable("pruned network")
{
    /// <summary>Keeps some outputs of a product: rows of its weight, and of its bias if there is one.</summary>
    public void KeepRows(string product, int[] rows)
    {
        (int all, int columns) = Shape($"{product}.weight");
        if (rows.Length == all)
            return;
        float[] weight = rows.Length > 0 ? Numbers($"{product}.weight") : [];
        var kept = new float[rows.Length * columns];
        for (int i = 0; i < rows.Length; i++)
            weight.AsSpan(rows[i] * columns, columns).CopyTo(kept.AsSpan(i * columns));
        Add($"{product}.weight", [rows.Length, columns], kept.CopyTo);
        if (!Tensors.ContainsKey($"{product}.bias"))
            return;
        float[] bias = Numbers($"{product}.bias");
        float[] keptBias = [.. rows.Select(row => bias[row])];
        Add($"{product}.bias", [rows.Length], keptBias.CopyTo);
    }

    /// <summary>Keeps some inputs of a product, each times its scale.</summary>
    public void KeepColumns(string product, int[] columns, float[] scales)
    {
        (int rows, int all) = Shape($"{product}.weight");
        if (columns.Length == all && scales.Length == 0)
            return;
        float[] weight = columns.Length > 0 ? Numbers($"{product}.weight") : [];
        var kept = new float[rows * columns.Length];
        for (int row = 0; row < rows; row++)
            for (int i = 0; i < columns.Length; i++)
                kept[(row * columns.Length) + i] = weight[(row * all) + columns[i]] * (scales.Length > 0 ? scales[i] : 1);
        Add($"{product}.weight", [rows, columns.Length], kept.CopyTo);
    }

    /// <summary>Adds to the bias of a product, which it has from then on.</summary>
    public void AddBias(string product, ImmutableArray<float> more, int width)
    {
        if (more.IsEmpty)
            return;
        float[] bias = Tensors.ContainsKey($"{product}.bias") ? Numbers($"{product}.bias") : new float[width];
        for (int i = 0; i < width; i++)
            bias[i] += more[i];
        Add($"{product}.bias", [width], bias.CopyTo);
    }

    (int Rows, int Columns) Shape(string name) => (Tensors[name].Shape[0], Tensors[name].Shape[1]);

    float[] Numbers(string name)
    {
        var values = new float[Tensors[name].Length];
        Read(name, values);
        return values;
    }
}
