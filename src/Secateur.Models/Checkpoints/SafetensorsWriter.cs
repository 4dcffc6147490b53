using System.Buffers.Binary;
using System.Text.Json;

namespace Secateur.Models.Checkpoints;

/// <summary>Writes safetensors files, tensor by tensor, beside their target; the target appears whole or not at all.</summary>
public static class SafetensorsWriter
{
    /// <summary>Writes a file. Tensors with wider numbers come first, otherwise in the given order, so that each begins at a multiple of its number's size.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="tensors">What it is to hold.</param>
    /// <param name="metadata">Free text to go with it.</param>
    /// <param name="cancellation">Stops between two tensors; nothing is left behind.</param>
    /// <exception cref="ArgumentException">Two tensors have the same name, or one has the name of the metadata.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static void Write(
        string path, IEnumerable<OutputTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        OutputTensor[] ordered = [.. tensors.OrderByDescending(tensor => tensor.Info.Type.Size())];
        byte[] header = Header(ordered, metadata);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            long end = stream.Position;
            foreach (OutputTensor tensor in ordered)
            {
                cancellation.ThrowIfCancellationRequested();
                tensor.WriteTo(stream);
                end += (long)tensor.Info.Length * tensor.Info.Type.Size();
                if (stream.Position != end)
                    throw new InvalidOperationException($"'{tensor.Info.Name}' wrote another number of bytes than its shape has.");
            }
        });
    }

    static byte[] Header(OutputTensor[] tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is not null)
            {
                json.WriteStartObject("__metadata__");
                foreach ((string key, string value) in metadata)
                    json.WriteString(key, value);
                json.WriteEndObject();
            }

            var names = new HashSet<string> { "__metadata__" };
            long place = 0;
            foreach (TensorInfo info in tensors.Select(tensor => tensor.Info))
            {
                if (!names.Add(info.Name))
                    throw new ArgumentException($"The name '{info.Name}' is taken.", nameof(tensors));
                json.WriteStartObject(info.Name);
                json.WriteString("dtype", info.Type.Name());
                json.WriteStartArray("shape");
                foreach (int dimension in info.Shape)
                    json.WriteNumberValue(dimension);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(place);
                json.WriteNumberValue(place += (long)info.Length * info.Type.Size());
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // Spaces up to a multiple of 8 keep the numbers aligned.
        while (buffer.Length % 8 != 0)
            buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }
}
