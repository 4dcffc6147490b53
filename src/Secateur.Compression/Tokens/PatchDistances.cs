using System.Buffers;
using System.Numerics;
using Secateur.Kernels;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens;

/// <summary>The squared Euclidean distances of all patches of a sequence from each other, over the square root of the width as its root:
/// |a - b|^2 / C = (a a + b b - 2 a b) / C, so that one product of the patches with themselves does the work, O(N^2 C).</summary>
/// <remarks>Every product is one multiply-add chain: the same bits on every width, the same both ways, and 0 between equal patches.</remarks>
internal sealed class PatchDistances : IDisposable
{
    const int PatchesInATask = 8;

    readonly KernelSet kernels;
    readonly Matrix patches;
    readonly float[] transposed;
    readonly float[] squares;
    readonly float[] squared;

    /// <summary>Measures.</summary>
    /// <param name="view">Shows its tokens.</param>
    internal PatchDistances(in TokenView view)
    {
        (kernels, patches) = (view.Kernels, view.Tokens.SliceRows(view.Prefix, view.Patches));
        transposed = ArrayPool<float>.Shared.Rent(patches.Rows * patches.Columns);
        squares = ArrayPool<float>.Shared.Rent(patches.Rows);
        squared = ArrayPool<float>.Shared.Rent(patches.Rows * patches.Rows);
        int tasks = (patches.Rows + PatchesInATask - 1) / PatchesInATask;
        view.Threads.For(tasks, new Turn(this));
        view.Threads.For(tasks, new Multiply(this));
        view.Threads.For(tasks, new Subtract(this));
    }

    /// <summary>Multiply-adds: one product of the patches with themselves.</summary>
    internal static long Macs(SelectionShape shape) => (long)shape.Patches * shape.Patches * shape.Width;

    /// <summary>Patches.</summary>
    internal int Count => patches.Rows;

    /// <summary>From one patch to all, [<see cref="Count"/>].</summary>
    internal ReadOnlySpan<float> From(int patch) => Row(patch);

    public void Dispose()
    {
        ArrayPool<float>.Shared.Return(transposed);
        ArrayPool<float>.Shared.Return(squares);
        ArrayPool<float>.Shared.Return(squared);
    }

    Span<float> Row(int patch) => squared.AsSpan(patch * Count, Count);

    (int From, int End) Range(int task) => (task * PatchesInATask, Math.Min((task + 1) * PatchesInATask, Count));

    // One patch a column.
    readonly struct Turn(PatchDistances all) : IWork
    {
        public void Run(int task, int worker)
        {
            (int from, int end) = all.Range(task);
            for (int i = from; i < end; i++)
            {
                ReadOnlySpan<float> patch = all.patches.Row(i);
                for (int c = 0, at = i; c < patch.Length; c++, at += all.Count)
                    all.transposed[at] = patch[c];
            }
        }
    }

    readonly struct Multiply(PatchDistances all) : IWork
    {
        public void Run(int task, int worker)
        {
            (int from, int end) = all.Range(task);
            for (int i = from; i < end; i++)
            {
                all.kernels.SumRows(all.transposed.AsSpan(0, all.Count * all.patches.Columns), all.Count, all.patches.Row(i), all.Row(i));
                all.squares[i] = all.Row(i)[i];
            }
        }
    }

    // What is rounded below 0 is 0.
    readonly struct Subtract(PatchDistances all) : IWork
    {
        public void Run(int task, int worker)
        {
            (int from, int end) = all.Range(task);
            float share = 1f / all.patches.Columns;
            for (int i = from; i < end; i++)
            {
                Span<float> row = all.Row(i);
                ReadOnlySpan<float> others = all.squares.AsSpan(0, row.Length);
                float own = others[i];
                int j = 0;
                for (; j <= row.Length - Vector<float>.Count; j += Vector<float>.Count)
                {
                    var products = new Vector<float>(row[j..]);
                    Vector.Max(Vector<float>.Zero, (new Vector<float>(own) + new Vector<float>(others[j..]) - (products + products)) * share).CopyTo(row[j..]);
                }

                for (; j < row.Length; j++)
                    row[j] = MathF.Max(0, (own + others[j] - (row[j] + row[j])) * share);
            }
        }
    }
}
