using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace Secateur.Kernels.Simd;

/// <summary>A register of 4 floats (128 bits).</summary>
public readonly unsafe struct Simd128(Vector128<float> v) : ISimd<Simd128>
{
    readonly Vector128<float> v = v;

    /// <inheritdoc/>
    public static int Count => 4;

    /// <inheritdoc/>
    public static string Name => "128";

    /// <inheritdoc/>
    public static bool IsSupported => Vector128.IsHardwareAccelerated && (System.Runtime.Intrinsics.X86.Fma.IsSupported || System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported);

    /// <inheritdoc/>
    public static Simd128 Zero => default;

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd128 Broadcast(float value) => new(Vector128.Create(value));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd128 Load(float* source) => new(Vector128.Load(source));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd128 LoadPartial(float* source, int count) => count switch
    {
        0 => default,
        1 => new(Vector128.CreateScalar(*source)),
        2 => new(Vector128.Create(Vector64.Load(source), Vector64<float>.Zero)),
        3 => new(Vector128.Create(Vector64.Load(source), Vector64.CreateScalar(source[2]))),
        _ => Load(source),
    };

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static void Store(Simd128 value, float* destination) => value.v.Store(destination);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static void StorePartial(Simd128 value, float* destination, int count)
    {
        if (count == 4)
        {
            Store(value, destination);
            return;
        }

        if (count > 1)
            value.v.GetLower().Store(destination);
        if ((count & 1) != 0)
            destination[count - 1] = value.v.GetElement(count - 1);
    }

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd128 Fma(Simd128 a, Simd128 b, Simd128 c) => new(Vector128.FusedMultiplyAdd(a.v, b.v, c.v));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd128 Add(Simd128 a, Simd128 b) => new(a.v + b.v);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd128 Sub(Simd128 a, Simd128 b) => new(a.v - b.v);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd128 Mul(Simd128 a, Simd128 b) => new(a.v * b.v);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd128 Div(Simd128 a, Simd128 b) => new(a.v / b.v);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd128 Min(Simd128 a, Simd128 b) => new(Vector128.MinNative(a.v, b.v));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd128 Max(Simd128 a, Simd128 b) => new(Vector128.MaxNative(a.v, b.v));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd128 Round(Simd128 a) => new(Vector128.Round(a.v));

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static Simd128 PowerOfTwo(Simd128 exponent) =>
        new(((exponent.v + Vector128.Create(8388735f)).AsInt32() << 23).AsSingle()); // 2^23 + 127: the sum's last bits are exponent + 127

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static float Sum(Simd128 a) => Vector128.Sum(a.v);

    /// <inheritdoc/>
    [MethodImpl(AggressiveInlining)]
    public static float Largest(Simd128 a)
    {
        Vector128<float> pairs = Vector128.MaxNative(a.v, Vector128.Shuffle(a.v, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(pairs, Vector128.Shuffle(pairs, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }
}
