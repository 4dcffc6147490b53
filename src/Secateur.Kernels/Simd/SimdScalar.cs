using System.Runtime.CompilerServices;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Secateur.Kernels.Simd;

/// <summary>One float: the same kernels on a machine with no vector unit.</summary>
public readonly unsafe struct SimdScalar(float v) : ISimd<SimdScalar>
{
    readonly float v = v;

    /// <inheritdoc/>
    public static int Count => 1;

    /// <inheritdoc/>
    public static string Name => "scalar";

    /// <inheritdoc/>
    public static bool IsSupported => true;

    /// <inheritdoc/>
    public static SimdScalar Zero => default;

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static SimdScalar Broadcast(float value) => new(value);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static SimdScalar Load(float* source) => new(*source);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static SimdScalar LoadPartial(float* source, int count) => count == 0 ? default : new(*source);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static void Store(SimdScalar value, float* destination) => *destination = value.v;

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static void StorePartial(SimdScalar value, float* destination, int count)
    {
        if (count > 0)
            *destination = value.v;
    }

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static SimdScalar Fma(SimdScalar a, SimdScalar b, SimdScalar c) => new(MathF.FusedMultiplyAdd(a.v, b.v, c.v));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static SimdScalar Add(SimdScalar a, SimdScalar b) => new(a.v + b.v);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static SimdScalar Sub(SimdScalar a, SimdScalar b) => new(a.v - b.v);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static SimdScalar Mul(SimdScalar a, SimdScalar b) => new(a.v * b.v);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static SimdScalar Div(SimdScalar a, SimdScalar b) => new(a.v / b.v);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static SimdScalar Min(SimdScalar a, SimdScalar b) => new(a.v < b.v ? a.v : b.v);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static SimdScalar Max(SimdScalar a, SimdScalar b) => new(a.v > b.v ? a.v : b.v);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static SimdScalar Round(SimdScalar a) => new(MathF.Round(a.v));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static SimdScalar PowerOfTwo(SimdScalar exponent) => new(BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(exponent.v + 8388735f) << 23));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static float Sum(SimdScalar a) => a.v;

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static float Largest(SimdScalar a) => a.v;
}
