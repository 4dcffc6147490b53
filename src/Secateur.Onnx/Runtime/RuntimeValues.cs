namespace Secateur.Onnx.Runtime;

/// <summary>Tensors as the runtime's values, over the same memory.</summary>
sealed unsafe class RuntimeValues : IDisposable
{
    const int ArenaAllocator = 1, DefaultMemory = 0;

    readonly OnnxTensor[] tensors;
    readonly RuntimeHandle[] values;

    /// <summary>Makes a value for each.</summary>
    /// <param name="api">The runtime.</param>
    /// <param name="tensors">They are kept reachable, since the values point into them.</param>
    internal RuntimeValues(RuntimeApi api, OnnxTensor[] tensors)
    {
        this.tensors = tensors;
        values = new RuntimeHandle[tensors.Length];
        nint memory;
        api.Call(RuntimeEntry.CreateCpuMemoryInfo, ArenaAllocator, DefaultMemory, (nint)(&memory));
        using var info = new RuntimeHandle(api, RuntimeEntry.ReleaseMemoryInfo, memory);
        for (int i = 0; i < values.Length; i++)
        {
            long[] shape = [.. tensors[i].Shape];
            nint value;
            fixed (long* lengths = shape)
                api.Call(RuntimeEntry.CreateTensorWithDataAsOrtValue, memory, tensors[i].Address, tensors[i].Bytes.Length, (nint)lengths, shape.Length, (nint)tensors[i].Type, (nint)(&value));
            values[i] = new(api, RuntimeEntry.ReleaseValue, value);
        }
    }

    /// <summary>The values, for calls while this object is alive.</summary>
    internal nint[] Addresses => [.. values.Select(value => value.Raw)];

    /// <summary>A copy of a value that a run made; null where it is no tensor, or of a type that is not known here.</summary>
    internal static OnnxTensor? Copy(RuntimeApi api, nint value)
    {
        int tensor = 0;
        if (value != 0)
            api.Call(RuntimeEntry.IsTensor, value, (nint)(&tensor));
        if (tensor == 0)
            return null;
        (OnnxElementType type, var shape) = SessionReader.OfValue(api, value);
        if (type == OnnxElementType.Other)
            return null;
        var copy = new OnnxTensor(type, shape.AsSpan());
        void* data;
        api.Call(RuntimeEntry.GetTensorMutableData, value, (nint)(&data));
        new ReadOnlySpan<byte>(data, copy.Bytes.Length).CopyTo(copy.Bytes);
        return copy;
    }

    /// <summary>Releases the values; the tensors stay.</summary>
    public void Dispose()
    {
        foreach (RuntimeHandle? value in values)
            value?.Dispose();
        GC.KeepAlive(tensors);
    }
}
