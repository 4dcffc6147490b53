using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
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
    public static bool IsSupported => Vector512.IsHardwareAccelerated && Avx512F.IsSupported;

    /// <inheritdoc/>
    public static Simd512 Zero => default;

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd512 Broadcast(float value) => new(Vector512.Create(value));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd512 Load(float* source) => new(Vector512.Load(source));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd512 LoadPartial(float* source, int count) => new(Avx512F.MaskLoad(source, Mask(count), Vector512<float>.Zero));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static void Store(Simd512 value, float* destination) => value.v.Store(destination);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static void StorePartial(Simd512 value, float* destination, int count) => Avx512F.MaskStore(destination, Mask(count), value.v);

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
    public static float Largest(Simd512 a) => Simd256.Largest(new(Vector256.MaxNative(a.v.GetLower(), a.v.GetUpper())));

    // Lanes that are not in the mask are never touched, not even where they lie on a page that does not exist.
    [MethodImpl(AggressiveInlining)]
    static Vector512<float> Mask(int count) => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();
}
