using System.Buffers.Binary;
using System.Text;

namespace Secateur.Tests.Checkpoints;

/// <summary>Safetensors files written by hand, right or wrong.</summary>
internal static class HeaderText
{
    /// <summary>8 bytes of length, the header, then so many bytes of data.</summary>
    public static byte[] File(string header, int dataLength = 0, long? claimedLength = null)
    {
        byte[] json = Encoding.UTF8.GetBytes(header), file = new byte[8 + json.Length + dataLength];
        BinaryPrimitives.WriteInt64LittleEndian(file, claimedLength ?? json.Length);
        json.CopyTo(file, 8);
        for (int i = 0; i < dataLength; i++)
            file[8 + json.Length + i] = (byte)i;
        return file;
    }

    /// <summary>One entry of a header.</summary>
    public static string Entry(string name, string type, string shape, long begin, long end) =>
        $"\"{name}\":{{\"dtype\":\"{type}\",\"shape\":{shape},\"data_offsets\":[{begin},{end}]}}";
}
