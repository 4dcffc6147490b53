using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Secateur.Models.Checkpoints;

/// <summary>One name for the weights of a network, whatever file, layout or register width they came through.</summary>
public static class WeightsHash
{
    /// <summary>SHA-256 over every weight in the order of <see cref="Transformer.VisitWeights"/>: its timm name in UTF-8 and a zero
    /// byte, the number of its dimensions and each of them (32 bits, little-endian), its numbers (float32, little-endian).</summary>
    /// <remarks>Position embeddings count as they are for the pictures that the network takes.</remarks>
    /// <param name="network">The network; one weight at a time is copied.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public static string Of(Transformer network)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        float[] buffer = [];
        network.VisitWeights((name, shape, read) =>
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name + '\0'));
            Append(hash, shape.Length);
            foreach (int length in shape)
                Append(hash, length);
            int count = shape.Aggregate(1, (a, b) => a * b);
            if (buffer.Length < count)
                buffer = new float[count];
            Span<float> values = buffer.AsSpan(0, count);
            read(values);
            Span<int> bits = MemoryMarshal.Cast<float, int>(values);
            if (!BitConverter.IsLittleEndian)
                BinaryPrimitives.ReverseEndianness(bits, bits);
            hash.AppendData(MemoryMarshal.AsBytes(bits));
        });
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    static void Append(IncrementalHash hash, int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        hash.AppendData(bytes);
    }
}
