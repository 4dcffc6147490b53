using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Secateur.Onnx.Runtime;

/// <summary>Reads what an open session says of its model.</summary>
static unsafe class SessionReader
{
    /// <summary>More inputs, outputs, dimensions or entries than a model has; what says more is refused.</summary>
    const int Most = 1 << 16;

    internal static ImmutableArray<OnnxValueInfo> Inputs(RuntimeApi api, nint session) =>
        Values(api, session, RuntimeEntry.SessionGetInputCount, RuntimeEntry.SessionGetInputName, RuntimeEntry.SessionGetInputTypeInfo);

    internal static ImmutableArray<OnnxValueInfo> Outputs(RuntimeApi api, nint session) =>
        Values(api, session, RuntimeEntry.SessionGetOutputCount, RuntimeEntry.SessionGetOutputName, RuntimeEntry.SessionGetOutputTypeInfo);

    internal static OnnxModelMetadata Metadata(RuntimeApi api, nint session)
    {
        using RuntimeHandle metadata = api.Create(RuntimeEntry.ReleaseModelMetadata, RuntimeEntry.SessionGetModelMetadata, session);
        long version, count;
        api.Call(RuntimeEntry.ModelMetadataGetVersion, metadata.Raw, (nint)(&version));
        nint* keys = null;
        api.Call(RuntimeEntry.ModelMetadataGetCustomMetadataMapKeys, metadata.Raw, api.Allocator, (nint)(&keys), (nint)(&count));
        Bound(count);
        var properties = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            nint value = 0;
            api.Call(RuntimeEntry.ModelMetadataLookupCustomMetadataMap, metadata.Raw, api.Allocator, keys[i], (nint)(&value));
            properties[api.Take(keys[i])] = api.Take(value);
        }

        if (keys is not null)
            api.Call(RuntimeEntry.AllocatorFree, api.Allocator, (nint)keys);
        return new(Text(RuntimeEntry.ModelMetadataGetProducerName), Text(RuntimeEntry.ModelMetadataGetGraphName), Text(RuntimeEntry.ModelMetadataGetDescription), version, properties.ToImmutable());

        string Text(RuntimeEntry entry)
        {
            nint text = 0;
            api.Call(entry, metadata.Raw, api.Allocator, (nint)(&text));
            return api.Take(text);
        }
    }

    /// <summary>What a value that a run gave holds.</summary>
    internal static (OnnxElementType Type, ImmutableArray<long> Shape) OfValue(RuntimeApi api, nint value)
    {
        using RuntimeHandle info = api.Create(RuntimeEntry.ReleaseTensorTypeAndShapeInfo, RuntimeEntry.GetTensorTypeAndShape, value);
        (OnnxElementType type, ImmutableArray<long> shape, _) = OfTensor(api, info.Raw);
        return (type, shape);
    }

    static ImmutableArray<OnnxValueInfo> Values(RuntimeApi api, nint session, RuntimeEntry counting, RuntimeEntry naming, RuntimeEntry typing)
    {
        nint count;
        api.Call(counting, session, (nint)(&count));
        Bound(count);
        var values = ImmutableArray.CreateBuilder<OnnxValueInfo>((int)count);
        for (nint i = 0; i < count; i++)
        {
            nint name = 0, tensor = 0;
            api.Call(naming, session, i, api.Allocator, (nint)(&name));
            string read = api.Take(name);
            using RuntimeHandle type = api.Create(RuntimeEntry.ReleaseTypeInfo, typing, session, i);
            api.Call(RuntimeEntry.CastTypeInfoToTensorInfo, type.Raw, (nint)(&tensor));

            // A list or a map is no tensor.
            (OnnxElementType element, ImmutableArray<long> shape, ImmutableArray<string> symbols) = tensor == 0 ? (OnnxElementType.Other, [], []) : OfTensor(api, tensor);
            values.Add(new(read, element, shape, symbols));
        }

        return values.MoveToImmutable();
    }

    static (OnnxElementType Type, ImmutableArray<long> Shape, ImmutableArray<string> Symbols) OfTensor(RuntimeApi api, nint info)
    {
        int type;
        nint count;
        api.Call(RuntimeEntry.GetTensorElementType, info, (nint)(&type));
        api.Call(RuntimeEntry.GetDimensionsCount, info, (nint)(&count));
        Bound(count);
        var lengths = new long[count];
        var symbols = new nint[count];
        fixed (long* length = lengths)
            api.Call(RuntimeEntry.GetDimensions, info, (nint)length, count);
        fixed (nint* symbol = symbols)
            api.Call(RuntimeEntry.GetSymbolicDimensions, info, (nint)symbol, count);
        return (ElementTypes.Of(type), [.. lengths], [.. symbols.Select(symbol => Marshal.PtrToStringUTF8(symbol) ?? "")]);
    }

    static void Bound(long count)
    {
        if (count is < 0 or > Most)
            throw new OnnxRuntimeException($"The model says that it has {count} inputs, outputs, dimensions or entries; at most {Most} are read.");
    }
}
