using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Secateur.Kernels.Simd;

/// <summary>A register of 16 floats (512 bits).</summary>
public readonly unsafe struct Simd512(Vector512<float> v) : ISimd<Simd512>
{
    readonly Vector512<float> v = v;

    /// <inheritdoc/>
    public static int Count => 16;

    /// <inheritdoc/>
    public static string Name => "512";

    /// <inheritdoc/>
    public static bool IsSupported => Vector512.IsHardwareAccelerated;

    /// <inheritdoc/>
    public static Simd512 Zero => default;

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd512 Broadcast(float value) => new(Vector512.Create(value));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd512 Load(float* source) => new(Vector512.Load(source));

    /// <inheritdoc/>
    public static Simd512 LoadPartial(float* source, int count)
    {
        float* lanes = stackalloc float[16];
        for (int i = 0; i < 16; i++)
            lanes[i] = i < count ? source[i] : 0;
        return Load(lanes);
    }

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static void Store(Simd512 value, float* destination) => value.v.Store(destination);

    /// <inheritdoc/>
    public static void StorePartial(Simd512 value, float* destination, int count)
    {
        float* lanes = stackalloc float[16];
        Store(value, lanes);
        for (int i = 0; i < count; i++)
            destination[i] = lanes[i];
    }

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd512 Fma(Simd512 a, Simd512 b, Simd512 c) => new(Vector512.FusedMultiplyAdd(a.v, b.v, c.v));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd512 Add(Simd512 a, Simd512 b) => new(a.v + b.v);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd512 Sub(Simd512 a, Simd512 b) => new(a.v - b.v);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd512 Mul(Simd512 a, Simd512 b) => new(a.v * b.v);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd512 Div(Simd512 a, Simd512 b) => new(a.v / b.v);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd512 Min(Simd512 a, Simd512 b) => new(Vector512.MinNative(a.v, b.v));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd512 Max(Simd512 a, Simd512 b) => new(Vector512.MaxNative(a.v, b.v));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd512 Round(Simd512 a) => new(Vector512.Round(a.v));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd512 PowerOfTwo(Simd512 exponent) =>
        new(((exponent.v + Vector512.Create(8388735f)).AsInt32() << 23).AsSingle()); // 2^23 + 127: the sum's last bits are exponent + 127

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static float Sum(Simd512 a) => Vector512.Sum(a.v);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static float Largest(Simd512 a)
    {
        Vector256<float> half = Vector256.MaxNative(a.v.GetLower(), a.v.GetUpper());
        Vector128<float> four = Vector128.MaxNative(half.GetLower(), half.GetUpper());
        Vector128<float> two = Vector128.MaxNative(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(two, Vector128.Shuffle(two, Vector128.Create(1, 0, 3, 2)))[0];
    }
}
