using System.Runtime.CompilerServices;
using Secateur.Kernels.Simd;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Secateur.Kernels;

/// <summary>The matrix product: for every panel of packed weights, tile after tile of rows. The panel stays in the nearest caches while
/// the rows stream by; rows come in chunks that stay in the second-level cache while the panels stream by.</summary>
internal static unsafe class Gemm<T>
    where T : unmanaged, ISimd<T>
{
    const int TilesInAChunk = 17;
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
        if (x.Rows == 0 || weight.Outputs == 0)
            return;
        int tiles = (x.Rows + Tile<T>.MaxRows - 1) / Tile<T>.MaxRows;
        int wanted = Math.Max((tiles + TilesInAChunk - 1) / TilesInAChunk, (threads.Count * TasksForAThread + weight.Panels - 1) / weight.Panels);
        int chunks = threads.Count == 1 ? (tiles + TilesInAChunk - 1) / TilesInAChunk : Math.Min(wanted, Math.Max(1, tiles / TilesInATask));
        threads.For(chunks * weight.Panels, new Work(x, weight, y, epilogue, tiles, chunks));
    }

    readonly struct Work(Matrix x, PackedMatrix weight, Matrix y, Epilogue epilogue, int tiles, int chunks) : IWork
    {
        public void Run(int task, int worker)
        {
            int panel = task % weight.Panels, chunk = task / weight.Panels;
            int firstTile = (int)((long)tiles * chunk / chunks), lastTile = (int)((long)tiles * (chunk + 1) / chunks);
            float* b = weight.Data.Pointer + ((nint)panel * weight.Inputs * PanelWidth);
            float* sums = stackalloc float[(Tile<T>.MaxRows * PanelWidth) + 16];
            sums = (float*)(((nint)sums + 63) & ~63);
            var finish = new Finish<T>(epilogue, y, panel * PanelWidth, Math.Min(PanelWidth, weight.Outputs - (panel * PanelWidth)));
            for (int tile = firstTile; tile < lastTile; tile++)
            {
                // Tiles of nearly equal height, so that none is too low to be fast.
                int row = (int)((long)x.Rows * tile / tiles), rows = (int)((long)x.Rows * (tile + 1) / tiles) - row;
                Tile<T>.Run(rows, weight.Inputs, x.Pointer + ((nint)row * x.Stride), x.Stride, b, PanelWidth, sums, PanelWidth);
                finish.Run(sums, row, rows);
            }
        }
    }
}
