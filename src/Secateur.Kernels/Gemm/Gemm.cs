using System.Runtime.CompilerServices;
using Secateur.Kernels.Simd;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Secateur.Kernels;

/// <summary>The matrix product: for every panel of packed weights, tile after tile of rows. The panel stays in the nearest caches while
/// the rows stream by; rows come in chunks that stay in the second-level cache while the panels stream by.</summary>
internal static unsafe class Gemm<T>
    where T : unmanaged, ISimd<T>
{
    /// <summary>Floats of x in a chunk: a third of a megabyte leaves room for the panel and the output in the second-level cache.</summary>
    const int ChunkFloats = 85_000;
    const int FewestTilesInAChunk = 4;
    const int MostTilesInAChunk = 17;
    const int TasksForAThread = 6;
    const int TilesInATask = 3;

    /// <summary>Outputs in a panel: two registers.</summary>
    internal static int PanelWidth
    {
        [MethodImpl(AggressiveInlining)]
        get => 2 * T.Count;
    }

    internal static void Multiply(Threads threads, Matrix x, PackedMatrix weight, Matrix y, in Epilogue epilogue)
    {
        if (x.Columns != weight.Inputs || y.Columns != weight.Outputs || x.Rows != y.Rows)
            throw new ArgumentException($"A product of [{x.Rows}, {x.Columns}] and a weight of [{weight.Outputs}, {weight.Inputs}] cannot fill [{y.Rows}, {y.Columns}].");
        if (weight.PanelWidth != PanelWidth)
            throw new ArgumentException($"The weight was packed for panels of {weight.PanelWidth}, not {PanelWidth}.", nameof(weight));
        if (epilogue.Residual is { } residual && (residual.Rows != y.Rows || residual.Columns != y.Columns))
            throw new ArgumentException($"A residual of [{residual.Rows}, {residual.Columns}] cannot be added to [{y.Rows}, {y.Columns}].", nameof(epilogue));
        if (epilogue.Bias?.Length < y.Columns || epilogue.Scale?.Length < y.Columns)
            throw new ArgumentException($"The bias ({epilogue.Bias?.Length}) and the scale ({epilogue.Scale?.Length}) need {y.Columns} floats.", nameof(epilogue));
        if (x.Rows == 0 || weight.Outputs == 0)
            return;
        int tiles = (x.Rows + Tile<T>.MaxRows - 1) / Tile<T>.MaxRows;
        int tilesInAChunk = (int)Math.Clamp(ChunkFloats / ((long)Tile<T>.MaxRows * Math.Max(1, x.Columns)), FewestTilesInAChunk, MostTilesInAChunk);
        int chunks = (tiles + tilesInAChunk - 1) / tilesInAChunk;
        if (threads.Count > 1)
        {
            // Every worker has rows of its own, the same in every product of a network, so that they stay near its core.
            chunks = Math.Max(chunks, ((threads.Count * TasksForAThread) + weight.Panels - 1) / weight.Panels);
            chunks = Math.Min((chunks + threads.Count - 1) / threads.Count * threads.Count, Math.Max(1, tiles / TilesInATask));
        }

        threads.For(chunks * weight.Panels, new Work(x, weight, y, epilogue, tiles, chunks, threads.Count == 1));
    }

    readonly struct Work(Matrix x, PackedMatrix weight, Matrix y, Epilogue epilogue, int tiles, int chunks, bool alone) : IWork
    {
        [MethodImpl(AggressiveOptimization)]
        public void Run(int task, int worker)
        {
            int panel = task % weight.Panels, chunk = task / weight.Panels, width = PanelWidth, inputs = weight.Inputs;
            int column = panel * width, columns = Math.Min(width, weight.Outputs - column);
            int firstTile = (int)((long)tiles * chunk / chunks), lastTile = (int)((long)tiles * (chunk + 1) / chunks);
            float* room = stackalloc float[((Tile<T>.MaxRows + 2) * width) + 16];
            float* sums = (float*)(((nint)room + 63) & ~63), bias = sums + (Tile<T>.MaxRows * width), scale = bias + width;
            bias = Finish<T>.Fetch(epilogue.Bias, column, columns, bias);
            scale = Finish<T>.Fetch(epilogue.Scale, column, columns, scale);
            var finish = new Finish<T>(y, column, columns, bias, epilogue.Activation, scale, epilogue.Residual);
            float* b = weight.Data.Pointer + ((nint)panel * inputs * width);

            // The next panel is fetched in parts of equal length while the tiles of this one compute.
            bool last = panel + 1 == weight.Panels || lastTile == firstTile;
            nint step = last ? 0 : ((width * sizeof(float)) + lastTile - firstTile - 1) / (lastTile - firstTile);
            byte* next = (byte*)(last ? b : b + ((nint)inputs * width));
            for (int tile = firstTile; tile < lastTile; tile++, next += inputs * step)
            {
                // Tiles of nearly equal height, so that none is too low to be fast.
                int row = (int)((long)x.Rows * tile / tiles), rows = (int)((long)x.Rows * (tile + 1) / tiles) - row;

                // The output's lines come while the tile computes. Not with other workers about: the lines lie in whichever core wrote
                // them last, and to read them first and to own them later are two journeys.
                if (alone)
                    finish.Expect(row, rows);
                Tile<T>.Run(rows, inputs, x.Pointer + ((nint)row * x.Stride), x.Stride, b, width, sums, width, new(next, step));
                finish.Run(sums, row, rows);
            }
        }
    }
}
