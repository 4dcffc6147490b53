using System.Collections.Immutable;
using System.Text.Json;

namespace Secateur.Models.Checkpoints;

/// <summary>The JSON at the start of a safetensors file: what tensors there are and where. Everything in it is checked before it is
/// believed: names are unique, and the tensors fill the rest of the file from first to last byte, without holes or overlaps.</summary>
internal sealed class SafetensorsHeader
{
    /// <summary>The longest header that is read, bytes, as in the reference implementation.</summary>
    public const int MaximumLength = 100_000_000;

    const int MaximumTensors = 100_000;
    const int MaximumDimensions = 16;

    readonly string path;
    readonly Dictionary<string, TensorInfo> tensors = [];
    readonly Dictionary<string, string> metadata = [];
    readonly Dictionary<string, (long Begin, long End)> places = [];

    /// <summary>Reads a header.</summary>
    /// <param name="path">For errors.</param>
    /// <param name="json">The header, UTF-8.</param>
    /// <param name="dataLength">Bytes in the file after the header.</param>
    /// <exception cref="CheckpointException">The header is not believable.</exception>
    public SafetensorsHeader(string path, ReadOnlySpan<byte> json, long dataLength)
    {
        this.path = path;
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 16 });
            Expect(ref reader, JsonTokenType.StartObject);
            while (Next(ref reader) == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                if (name == "__metadata__")
                    ReadMetadata(ref reader);
                else
                    ReadTensor(ref reader, name);
            }

            if (reader.Read())
                throw Broken("the header goes on after its last brace");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new CheckpointException($"{path}: the header is no valid JSON ({exception.Message}). The file is damaged or no safetensors file.", exception);
        }

        CheckPlaces(dataLength);
    }

    /// <summary>The tensors, in the order of the header.</summary>
    public IReadOnlyDictionary<string, TensorInfo> Tensors => tensors;

    /// <summary>Free text that came with them.</summary>
    public IReadOnlyDictionary<string, string> Metadata => metadata;

    /// <summary>Where a tensor begins, bytes after the header.</summary>
    public long Begin(string name) => places[name].Begin;

    void ReadMetadata(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject);
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            Expect(ref reader, JsonTokenType.String);
            if (!metadata.TryAdd(key, reader.GetString()!))
                throw Broken($"the metadata has '{key}' twice");
        }
    }

    void ReadTensor(ref Utf8JsonReader reader, string name)
    {
        string? type = null;
        ImmutableArray<long> shape = default, place = default;
        Expect(ref reader, JsonTokenType.StartObject);
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("dtype"u8) && type is null)
            {
                Expect(ref reader, JsonTokenType.String);
                type = reader.GetString();
            }
            else if (reader.ValueTextEquals("shape"u8) && shape.IsDefault)
            {
                shape = ReadNumbers(ref reader, name);
            }
            else if (reader.ValueTextEquals("data_offsets"u8) && place.IsDefault)
            {
                place = ReadNumbers(ref reader, name);
            }
            else
            {
                throw Broken($"the weight '{name}' has an unknown or repeated property '{reader.GetString()}'");
            }
        }

        if (type is null || shape.IsDefault || place.IsDefault || place.Length != 2)
            throw Broken($"the weight '{name}' lacks its dtype, its shape or its two data_offsets");
        if (TensorTypes.Named(type) is not { } known)
            throw new CheckpointException($"{path}: the weight '{name}' has the unknown type '{type}'; expected F32, F16, BF16, F64, BOOL or an integer type. Convert the checkpoint to one of these.");
        Add(name, known, shape, place[0], place[1]);
    }

    void Add(string name, TensorType type, ImmutableArray<long> shape, long begin, long end)
    {
        long length = shape.Contains(0) ? 0 : 1;
        foreach (long dimension in shape)
        {
            if (dimension is < 0 or > int.MaxValue || (length *= dimension) > int.MaxValue)
                throw Broken($"the weight '{name}' has the shape [{string.Join(", ", shape)}], which is negative or larger than anything that is read here");
        }

        if (begin < 0 || end < begin || end - begin != length * type.Size())
            throw Broken($"the weight '{name}' has {length * type.Size()} bytes by its shape [{string.Join(", ", shape)}] of {type.Name()}, but its data_offsets are {begin} to {end}");
        if (tensors.Count == MaximumTensors)
            throw Broken($"there are more than {MaximumTensors} weights");
        if (!tensors.TryAdd(name, new(name, type, [.. shape.Select(dimension => (int)dimension)])))
            throw Broken($"there are two weights '{name}'");
        places.Add(name, (begin, end));
    }

    void CheckPlaces(long dataLength)
    {
        long filled = 0;
        foreach ((string name, (long begin, long end)) in places.OrderBy(place => place.Value))
        {
            if (end > dataLength)
                throw Broken($"the weight '{name}' ends {end - dataLength} bytes after the end of the file: the file was cut off, or its download is not complete");
            if (begin != filled)
                throw Broken($"the weight '{name}' begins at byte {begin} of the data; expected {filled}: weights overlap or leave a hole");
            filled = end;
        }

        if (filled != dataLength)
            throw Broken($"{dataLength - filled} bytes after the last weight belong to nothing");
    }

    ImmutableArray<long> ReadNumbers(ref Utf8JsonReader reader, string name)
    {
        Expect(ref reader, JsonTokenType.StartArray);
        var numbers = ImmutableArray.CreateBuilder<long>();
        while (Next(ref reader) != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || numbers.Count == MaximumDimensions)
                throw Broken($"the shape or data_offsets of the weight '{name}' are not a short list of whole numbers");
            numbers.Add(number);
        }

        return numbers.ToImmutable();
    }

    void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (Next(ref reader) != type)
            throw Broken($"at byte {reader.TokenStartIndex} of the header is {reader.TokenType}; expected {type}");
    }

    JsonTokenType Next(ref Utf8JsonReader reader) => reader.Read() ? reader.TokenType : throw Broken("the header ends too early");

    CheckpointException Broken(string what) => new($"{path}: {what}. The file is damaged or no safetensors file; get it again.");
}
