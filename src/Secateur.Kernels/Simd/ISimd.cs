namespace Secateur.Kernels.Simd;

/// <summary>
/// One register of floats. A kernel is written once against this interface; the compiler specialises it for each
/// register width because every implementation is a struct.
/// </summary>
/// <typeparam name="T">The register itself.</typeparam>
public unsafe interface ISimd<T>
    where T : unmanaged, ISimd<T>
{
    /// <summary>Lanes in one register.</summary>
    static abstract int Count { get; }

    /// <summary>Short name, as accepted by <c>SECATEUR_ISA</c>: "512", "256", "128" or "scalar".</summary>
    static abstract string Name { get; }

    /// <summary>Whether this machine runs this width in hardware, multiply-add included.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>All lanes zero.</summary>
    static abstract T Zero { get; }

    /// <summary>All lanes <paramref name="value"/>.</summary>
    static abstract T Broadcast(float value);

    /// <summary>Reads <see cref="Count"/> floats.</summary>
    static abstract T Load(float* source);

    /// <summary>Reads <paramref name="count"/> (0..<see cref="Count"/>) floats, never more; the other lanes are zero.</summary>
    static abstract T LoadPartial(float* source, int count);

    /// <summary>Writes <see cref="Count"/> floats.</summary>
    static abstract void Store(T value, float* destination);

    /// <summary>Writes the first <paramref name="count"/> (0..<see cref="Count"/>) lanes, never more.</summary>
    static abstract void StorePartial(T value, float* destination, int count);

    /// <summary>a * b + c, rounded once.</summary>
    static abstract T Fma(T a, T b, T c);

    /// <summary>a + b.</summary>
    static abstract T Add(T a, T b);

    /// <summary>a - b.</summary>
    static abstract T Sub(T a, T b);

    /// <summary>a * b.</summary>
    static abstract T Mul(T a, T b);

    /// <summary>a / b.</summary>
    static abstract T Div(T a, T b);

    /// <summary>The smaller of each lane.</summary>
    static abstract T Min(T a, T b);

    /// <summary>The larger of each lane.</summary>
    static abstract T Max(T a, T b);

    /// <summary>The nearest integers, halves to even.</summary>
    static abstract T Round(T a);

    /// <summary>2 to the power of each lane; lanes are integers in [-126, 127]; also 0 for -127 and infinity for 128.</summary>
    static abstract T PowerOfTwo(T exponent);

    /// <summary>Sum of the lanes.</summary>
    static abstract float Sum(T a);

    /// <summary>Largest lane.</summary>
    static abstract float Largest(T a);
}
