using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Secateur.Kernels.Simd;

/// <summary>A register of 8 floats (256 bits).</summary>
public readonly unsafe struct Simd256(Vector256<float> v) : ISimd<Simd256>
{
    readonly Vector256<float> v = v;

    /// <inheritdoc/>
    public static int Count => 8;

    /// <inheritdoc/>
    public static string Name => "256";

    /// <inheritdoc/>
    public static bool IsSupported => Vector256.IsHardwareAccelerated && System.Runtime.Intrinsics.X86.Fma.IsSupported;

    /// <inheritdoc/>
    public static Simd256 Zero => default;

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd256 Broadcast(float value) => new(Vector256.Create(value));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd256 Load(float* source) => new(Vector256.Load(source));

    /// <inheritdoc/>
    public static Simd256 LoadPartial(float* source, int count)
    {
        float* lanes = stackalloc float[8];
        for (int i = 0; i < 8; i++)
            lanes[i] = i < count ? source[i] : 0;
        return Load(lanes);
    }

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static void Store(Simd256 value, float* destination) => value.v.Store(destination);

    /// <inheritdoc/>
    public static void StorePartial(Simd256 value, float* destination, int count)
    {
        float* lanes = stackalloc float[8];
        Store(value, lanes);
        for (int i = 0; i < count; i++)
            destination[i] = lanes[i];
    }

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd256 Fma(Simd256 a, Simd256 b, Simd256 c) => new(Vector256.FusedMultiplyAdd(a.v, b.v, c.v));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd256 Add(Simd256 a, Simd256 b) => new(a.v + b.v);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd256 Sub(Simd256 a, Simd256 b) => new(a.v - b.v);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd256 Mul(Simd256 a, Simd256 b) => new(a.v * b.v);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd256 Div(Simd256 a, Simd256 b) => new(a.v / b.v);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd256 Min(Simd256 a, Simd256 b) => new(Vector256.MinNative(a.v, b.v));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd256 Max(Simd256 a, Simd256 b) => new(Vector256.MaxNative(a.v, b.v));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd256 Round(Simd256 a) => new(Vector256.Round(a.v));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd256 PowerOfTwo(Simd256 exponent) =>
        new(((exponent.v + Vector256.Create(8388735f)).AsInt32() << 23).AsSingle()); // 2^23 + 127: the sum's last bits are exponent + 127

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static float Sum(Simd256 a) => Vector256.Sum(a.v);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static float Largest(Simd256 a)
    {
        Vector128<float> four = Vector128.MaxNative(a.v.GetLower(), a.v.GetUpper());
        Vector128<float> two = Vector128.MaxNative(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(two, Vector128.Shuffle(two, Vector128.Create(1, 0, 3, 2)))[0];
    }
}
