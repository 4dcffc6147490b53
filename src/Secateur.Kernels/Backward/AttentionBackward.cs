using System.Runtime.CompilerServices;
using Secateur.Kernels.Simd;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Secateur.Kernels;

/// <summary>
/// The gradient of scaled dot-product attention, o = p v with p = softmax(s) and s = q k^T / sqrt(headDim): g_v = p^T g_o, g_p = g_o v^T,
/// g_s by softmax, g_q = g_s k and g_k = g_s^T q, both / sqrt(headDim). A task is one head of one sequence; nobody shares its results.
/// </summary>
internal static unsafe class AttentionBackward<T>
    where T : unmanaged, ISimd<T>
{
    internal static void Run(Threads threads, Matrix qkv, ReadOnlyMemory<int> offsets, int heads, Matrix gradient, Matrix result, AttentionScratch scratch)
    {
        if (heads <= 0 || gradient.Columns == 0 || gradient.Columns % heads != 0 || qkv.Columns != 3 * gradient.Columns || gradient.Rows != qkv.Rows
            || result.Rows != qkv.Rows || result.Columns != qkv.Columns)
            throw new ArgumentException($"Queries, keys and values of [{qkv.Rows}, {qkv.Columns}] with {heads} heads and a gradient of [{gradient.Rows}, {gradient.Columns}] cannot fill [{result.Rows}, {result.Columns}].");
        int longest = 0, sequences = offsets.Length - 1;
        for (int s = 0; s < sequences; s++)
        {
            if (offsets.Span[s] < 0 || offsets.Span[s + 1] < offsets.Span[s] || offsets.Span[s + 1] > qkv.Rows)
                throw new ArgumentException($"Sequence {s} is not within {qkv.Rows} rows: from row {offsets.Span[s]} to row {offsets.Span[s + 1]}.", nameof(offsets));
            longest = Math.Max(longest, offsets.Span[s + 1] - offsets.Span[s]);
        }

        scratch.Prepare(threads.Count, Area.Floats(longest, gradient.Columns / heads));
        threads.For(sequences * heads, new Work(qkv, offsets, heads, gradient, result, scratch));
    }

    readonly struct Work(Matrix qkv, ReadOnlyMemory<int> offsets, int heads, Matrix gradient, Matrix result, AttentionScratch scratch) : IWork
    {
        public void Run(int task, int worker)
        {
            (int sequence, int head) = Math.DivRem(task, heads);
            int first = offsets.Span[sequence], n = offsets.Span[sequence + 1] - first, d = gradient.Columns / heads, all = gradient.Columns;
            if (n == 0)
                return;
            var area = new Area(scratch.Area(worker).Pointer, n, d);
            int keys = area.Keys, width = area.Width;
            float scale = 1 / MathF.Sqrt(d);
            float* q = qkv.Pointer + ((nint)first * qkv.Stride) + (head * d), k = q + all, v = k + all;
            float* to = result.Pointer + ((nint)first * result.Stride) + (head * d);

            // 1. p = softmax(q k^T / sqrt(d)).
            Copy(q, qkv.Stride, n, d, scale, area.Left, width);
            Turn(k, qkv.Stride, n, d, area.Turned, keys);
            Product(n, d, area.Left, width, area.Turned, keys, keys, area.P, area.Stride);
            for (int i = 0; i < n; i++)
                Softmax<T>.Run(area.P + ((nint)i * area.Stride), n);

            // 2. g_v = p^T g_o.
            Copy(gradient.Pointer + ((nint)first * gradient.Stride) + (head * d), gradient.Stride, n, d, 1, area.Right, width);
            Transpose.Run(area.P, area.Stride, n, n, area.PTurned, area.Stride);
            Product(n, n, area.PTurned, area.Stride, area.Right, width, width, area.Sums, width);
            Write(area.Sums, width, n, d, 1, to + (2 * all), result.Stride);

            // 3. g_p = g_o v^T, then g_s.
            Turn(v, qkv.Stride, n, d, area.Turned, keys);
            Product(n, d, area.Right, width, area.Turned, keys, keys, area.S, area.Stride);
            for (int i = 0; i < n; i++)
                SoftmaxBackward<T>.Run(area.P + ((nint)i * area.Stride), area.S + ((nint)i * area.Stride), n);

            // 4. g_k = g_s^T q / sqrt(d); q is scaled already.
            Transpose.Run(area.S, area.Stride, n, n, area.PTurned, area.Stride);
            Product(n, n, area.PTurned, area.Stride, area.Left, width, width, area.Sums, width);
            Write(area.Sums, width, n, d, 1, to + all, result.Stride);

            // 5. g_q = g_s k / sqrt(d).
            Copy(k, qkv.Stride, n, d, 1, area.Right, width);
            Product(n, n, area.S, area.Stride, area.Right, width, width, area.Sums, width);
            Write(area.Sums, width, n, d, scale, to, result.Stride);
        }
    }

    /// <summary>c = a b, with b and c of whole panels of columns.</summary>
    static void Product(int rows, int k, float* a, nint lda, float* b, nint ldb, int columns, float* c, nint ldc)
    {
        int panel = 2 * T.Count, tiles = (rows + Tile<T>.MaxRows - 1) / Tile<T>.MaxRows;
        for (int column = 0; column < columns; column += panel)
            for (int tile = 0; tile < tiles; tile++)
            {
                int row = (int)((long)rows * tile / tiles), height = (int)((long)rows * (tile + 1) / tiles) - row;
                Tile<T>.Run(height, k, a + (row * lda), lda, b + column, ldb, c + (row * ldc) + column, ldc, new((byte*)b, 0));
            }
    }

    /// <summary>Rows times a factor, and zeros up to the padded width.</summary>
    [MethodImpl(AggressiveOptimization)]
    static void Copy(float* from, nint stride, int rows, int columns, float factor, float* to, int width)
    {
        T factors = T.Broadcast(factor);
        for (int i = 0; i < rows; i++, from += stride, to += width)
            for (int j = 0; j < width; j += T.Count)
                T.Store(T.Mul(factors, T.LoadPartial(from + j, Math.Clamp(columns - j, 0, T.Count))), to + j);
    }

    /// <summary>Rows times a factor, back among the others.</summary>
    [MethodImpl(AggressiveOptimization)]
    static void Write(float* from, int width, int rows, int columns, float factor, float* to, nint stride)
    {
        T factors = T.Broadcast(factor);
        for (int i = 0; i < rows; i++, from += width, to += stride)
            for (int j = 0; j < columns; j += T.Count)
                T.StorePartial(T.Mul(factors, T.Load(from + j)), to + j, Math.Min(T.Count, columns - j));
    }

    /// <summary>[columns, rows], and zeros up to the padded number of rows.</summary>
    static void Turn(float* from, nint stride, int rows, int columns, float* to, int padded)
    {
        Transpose.Run(from, stride, rows, columns, to, padded);
        for (int j = 0; j < columns; j++)
            new Span<float>(to + ((nint)j * padded) + rows, padded - rows).Clear();
    }

    /// <summary>Where a worker keeps one head of one sequence.</summary>
    readonly struct Area
    {
        internal Area(float* start, int tokens, int dimension)
        {
            (Keys, Width) = (Panels(tokens), Panels(dimension));
            Stride = Matrix.PaddedStride(Keys);
            int rows = tokens * Width, square = tokens * Stride;
            Left = start;
            Right = Left + rows;
            Sums = Right + rows;
            Turned = Sums + rows;
            P = Turned + Line(dimension * Keys);
            PTurned = P + square;
            S = PTurned + square;
        }

        /// <summary>Tokens, rounded up to whole panels.</summary>
        internal int Keys { get; }

        /// <summary>Columns of a head, rounded up to whole panels.</summary>
        internal int Width { get; }

        /// <summary>Stride of the square matrices.</summary>
        internal int Stride { get; }

        internal float* Left { get; }

        internal float* Right { get; }

        internal float* Sums { get; }

        internal float* Turned { get; }

        internal float* P { get; }

        internal float* PTurned { get; }

        internal float* S { get; }

        internal static int Floats(int tokens, int dimension) =>
            checked((3 * tokens * Panels(dimension)) + Line(dimension * Panels(tokens)) + (3 * tokens * Matrix.PaddedStride(Panels(tokens))));

        static int Panels(int floats) => (floats + (2 * T.Count) - 1) / (2 * T.Count) * 2 * T.Count;

        static int Line(int floats) => (floats + 15) / 16 * 16;
    }
}
