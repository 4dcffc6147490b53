using System.Numerics;
using Secateur.Kernels;

namespace Secateur.Compression.Structured.Score.Optin;

/// <summary>Random directions for the manifold loss of one block. With unit rows F and G = F F^T, a change dF moves G by dG = dF F^T + F dF^T, and for
/// signs R, independent on and above the diagonal, s = sum_i R_ii dG_ii + sqrt(2) sum_{i&lt;j} R_ij dG_ij has the mean square |dG|^2, the loss. As a
/// function of F, s has the gradient S F with S_ii = 2 R_ii and S_ij = S_ji = sqrt(2) R_ij.</summary>
/// <param name="rows">Which rows F consists of.</param>
/// <param name="features">F, [rows, width].</param>
/// <param name="lengths">Of the rows before they were scaled to length 1, [rows].</param>
/// <param name="seed">Of the signs of this block.</param>
internal sealed class ManifoldProbe(ManifoldRows rows, Matrix features, float[] lengths, uint seed)
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
        threads.For(count, new Signs(signs, first, seed + ((uint)probe * 0x85157AF5)));
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

    /// <summary>Signs of some rows of S, several at a time: a hash of the pair, so that both of its places draw the same.</summary>
    readonly struct Signs(Matrix signs, int first, uint seed) : IWork
    {
        const float Pair = 1.41421356f, Self = 2;
        const uint Odd = 0x9E3779B1;

        public void Run(int task, int worker)
        {
            int i = first + task, j = 0;
            Span<float> row = signs.Row(task);
            var own = new Vector<uint>((uint)i);
            for (; j <= row.Length - Vector<float>.Count; j += Vector<float>.Count)
            {
                Vector<uint> other = Vector.CreateSequence((uint)j, 1u);
                Vector<uint> drawn = Mixed((Vector.Min(own, other) * Odd) + Vector.Max(own, other));
                ((drawn & new Vector<uint>(1u << 31)) | Vector.AsVectorUInt32(new Vector<float>(Pair))).As<uint, float>().CopyTo(row[j..]);
            }

            for (; j < row.Length; j++)
                row[j] = Mixed(new Vector<uint>(((uint)Math.Min(i, j) * Odd) + (uint)Math.Max(i, j)))[0] >> 31 == 0 ? Pair : -Pair;
            row[i] *= Self / Pair;
        }

        // The finaliser of MurmurHash3 (Appleby, 2011), a seed before and after: every bit of the result depends on every bit of x.
        Vector<uint> Mixed(Vector<uint> x)
        {
            x += new Vector<uint>(seed);
            x = (x ^ (x >>> 16)) * 0x85EBCA6B;
            x = (x ^ (x >>> 13)) * 0xC2B2AE35;
            x ^= (x >>> 16) ^ new Vector<uint>(seed);
            x *= 0x85EBCA6B;
            return x ^ (x >>> 16);
        }
    }
}
