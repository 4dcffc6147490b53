using Secateur.Kernels;

namespace Secateur.Compression.Structured.Score.Optin;

/// <summary>Random directions for the manifold loss of one block. With unit rows F and G = F F^T, a change dF moves G by dG = dF F^T + F dF^T, and for
/// signs R, independent on and above the diagonal, s = sum_i R_ii dG_ii + sqrt(2) sum_{i&lt;j} R_ij dG_ij has the mean square |dG|^2, the loss. As a
/// function of F, s has the gradient S F with S_ii = 2 R_ii and S_ij = S_ji = sqrt(2) R_ij.</summary>
/// <param name="rows">Which rows F consists of.</param>
/// <param name="features">F, [rows, width].</param>
/// <param name="lengths">Of the rows before they were scaled to length 1, [rows].</param>
/// <param name="seed">Of the signs of this block.</param>
internal sealed class ManifoldProbe(ManifoldRows rows, Matrix features, float[] lengths, ulong seed)
{
    readonly PackedMatrix turned = Turn(features);

    /// <summary>Adds the gradient of s with respect to the tokens of one batch.</summary>
    /// <param name="threads">Who works.</param>
    /// <param name="batch">Which batch.</param>
    /// <param name="probe">Which direction.</param>
    /// <param name="gradient">[tokens, width]; added to.</param>
    public void AddTo(Threads threads, int batch, int probe, Matrix gradient)
    {
        int first = rows.Of.Take(batch).Sum(chosen => chosen.Length), count = rows.Of[batch].Length;
        if (count == 0)
            return;
        Matrix signs = Matrix.Allocate(count, rows.Count), result = Matrix.Allocate(count, features.Columns);
        threads.For(count, new Signs(signs, first, Mixed(seed + ((ulong)probe << 48))));
        KernelSet.Default.Multiply(threads, signs, turned, result, default);
        for (int i = 0; i < count; i++)
        {
            // Through the scaling to length 1: (g - f (f g)) / length.
            ReadOnlySpan<float> f = features.Row(first + i), g = result.Row(i);
            Span<float> to = gradient.Row(rows.Of[batch][i]);
            if (lengths[first + i] == 0)
                continue;
            float along = 0, scale = 1 / lengths[first + i];
            for (int c = 0; c < f.Length; c++)
                along += f[c] * g[c];
            for (int c = 0; c < f.Length; c++)
                to[c] += (g[c] - (along * f[c])) * scale;
        }
    }

    static PackedMatrix Turn(Matrix features)
    {
        var turned = new float[features.Rows * features.Columns];
        for (int i = 0; i < features.Rows; i++)
            for (int c = 0; c < features.Columns; c++)
                turned[(c * features.Rows) + i] = features.Row(i)[c];
        return KernelSet.Default.Pack(turned, features.Columns, features.Rows);
    }

    /// <summary>The finaliser of SplitMix64 (Steele et al., 2014): every bit of the result depends on every bit of x.</summary>
    static ulong Mixed(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    readonly struct Signs(Matrix signs, int first, ulong seed) : IWork
    {
        public void Run(int task, int worker)
        {
            int i = first + task;
            Span<float> row = signs.Row(task);
            for (int j = 0; j < row.Length; j++)
            {
                // Both halves of a pair draw the same sign.
                ulong pair = ((ulong)Math.Min(i, j) << 32) | (uint)Math.Max(i, j);
                float size = i == j ? 2 : 1.41421356f;
                row[j] = (Mixed(seed ^ (pair * 0xD6E8FEB86659FD93)) >> 63) == 0 ? size : -size;
            }
        }
    }
}
