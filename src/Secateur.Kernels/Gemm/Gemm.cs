using Secateur.Kernels.Simd;

namespace Secateur.Kernels;

/// <summary>The matrix product: packed weights, one multiply-add chain for each output.</summary>
internal static unsafe class Gemm<T>
    where T : unmanaged, ISimd<T>
{
    /// <summary>Outputs in a panel: two registers.</summary>
    internal static int PanelWidth => 2 * T.Count;

    internal static void Multiply(Threads threads, Matrix x, PackedMatrix weight, Matrix y, in Epilogue epilogue)
    {
        if (x.Columns != weight.Inputs || y.Columns != weight.Outputs || x.Rows != y.Rows)
            throw new ArgumentException($"A product of [{x.Rows}, {x.Columns}] and a weight of [{weight.Outputs}, {weight.Inputs}] cannot fill [{y.Rows}, {y.Columns}].");
        if (weight.PanelWidth != PanelWidth)
            throw new ArgumentException($"The weight was packed for panels of {weight.PanelWidth}, not {PanelWidth}.", nameof(weight));
        threads.For(weight.Panels, new Work(x, weight, y, epilogue));
    }

    readonly struct Work(Matrix x, PackedMatrix weight, Matrix y, Epilogue epilogue) : IWork
    {
        public void Run(int panel, int worker)
        {
            int first = panel * PanelWidth, count = Math.Min(PanelWidth, weight.Outputs - first);
            float* b = weight.Data.Pointer + ((nint)panel * weight.Inputs * PanelWidth);
            float* row = stackalloc float[PanelWidth];
            for (int i = 0; i < x.Rows; i++)
            {
                float* a = x.Pointer + ((nint)i * x.Stride);
                T c0 = T.Zero, c1 = T.Zero;
                for (int k = 0; k < weight.Inputs; k++)
                {
                    T broadcast = T.Broadcast(a[k]);
                    c0 = T.Fma(broadcast, T.Load(b + ((nint)k * PanelWidth)), c0);
                    c1 = T.Fma(broadcast, T.Load(b + ((nint)k * PanelWidth) + T.Count), c1);
                }

                T.Store(c0, row);
                T.Store(c1, row + T.Count);
                for (int j = 0; j < count && epilogue.Bias is { } bias; j++)
                    row[j] += bias[first + j];
                Activate<T>.Run(epilogue.Activation, row, count);
                for (int j = 0; j < count; j++)
                {
                    float value = epilogue.Scale is { } scale ? row[j] * scale[first + j] : row[j];
                    y.Pointer[((nint)i * y.Stride) + first + j] =
                        epilogue.Residual is { } residual ? value + residual.Pointer[((nint)i * residual.Stride) + first + j] : value;
                }
            }
        }
    }
}
