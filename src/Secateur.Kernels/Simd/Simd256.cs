using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
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
    public static bool IsSupported => Vector256.IsHardwareAccelerated && Avx2.IsSupported && System.Runtime.Intrinsics.X86.Fma.IsSupported;

    /// <inheritdoc/>
    public static Simd256 Zero => default;

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd256 Broadcast(float value) => new(Vector256.Create(value));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd256 Load(float* source) => new(Vector256.Load(source));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd256 LoadPartial(float* source, int count) => new(Avx.MaskLoad(source, Mask(count)));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static void Store(Simd256 value, float* destination) => value.v.Store(destination);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static void StorePartial(Simd256 value, float* destination, int count) => Avx.MaskStore(destination, Mask(count), value.v);

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
    public static float Largest(Simd256 a) => Simd128.Largest(new(Vector128.MaxNative(a.v.GetLower(), a.v.GetUpper())));

    // Lanes that are not in the mask are never touched, not even where they lie on a page that does not exist.
    [MethodImpl(AggressiveInlining)]
    static Vector256<float> Mask(int count) => Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle();
}
