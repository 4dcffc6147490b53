using Secateur.Models.Checkpoints;

namespace Secateur.Onnx.Graphs;

/// <summary>Walks over an ONNX file before anything of it is kept: a few bytes can ask for an object each, so that what is asked for is counted first.</summary>
internal static class WireScan
{
    // A network of 48 blocks has 100,000 fields; exporters that describe every value in every node come to a million.
    const int MostFields = 4_000_000;
    const int MostWhole = 16 << 20;

    enum Message
    {
        None, Model, Graph, Function, Node, Attribute, Tensor, ValueInfo, Type, TensorType, Shape, Pair,
    }

    /// <summary>Refuses a file that asks for more than a network of any size does.</summary>
    /// <param name="path">For errors.</param>
    /// <param name="stream">At its beginning; can be sought in.</param>
    /// <param name="deepest">Messages within messages at most.</param>
    /// <exception cref="CheckpointException">It does, or it is no protocol buffer.</exception>
    public static void Require(string path, Stream stream, int deepest)
    {
        int fields = 0;
        var open = new Stack<(long End, Message Kind)>();
        open.Push((stream.Length, Message.Model));
        while (true)
        {
            while (open.Count > 0 && stream.Position >= open.Peek().End)
                open.Pop();
            if (open.Count == 0)
                return;
            if (++fields > MostFields)
                throw new CheckpointException($"{path}: there are more than {MostFields} parts in it; no network that runs here has as many.");
            (Message kind, long end) = (open.Peek().Kind, open.Peek().End);
            ulong tag = Number(path, stream);
            long length = (tag & 7) switch
            {
                0 => 0 * (long)(Number(path, stream) & 1),
                1 => 8,
                2 => (long)Math.Min(Number(path, stream), long.MaxValue / 2),
                5 => 4,
                _ => throw Damaged(path),
            };
            if (stream.Position + length > end)
                throw Damaged(path);
            int number = (int)Math.Min(tag >> 3, int.MaxValue);
            Message inner = (tag & 7) == 2 ? Inside(kind, number) : Message.None;
            if (inner != Message.None)
            {
                if (open.Count == deepest)
                    throw new CheckpointException($"{path}: its parts lie more than {deepest} deep within each other; the file is damaged or no ONNX file.");
                open.Push((stream.Position + length, inner));
                continue;
            }

            if (length > MostWhole && ((kind == Message.Tensor && number is 1 or 7) || (kind == Message.Attribute && number is 7 or 8)))
                throw new CheckpointException($"{path}: a list of {length} bytes of whole numbers is longer than any that is read here.");
            stream.Seek(length, SeekOrigin.Current);
        }
    }

    static ulong Number(string path, Stream stream)
    {
        ulong number = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int part = stream.ReadByte();
            if (part < 0)
                throw Damaged(path);
            number |= (ulong)(part & 127) << shift;
            if (part < 128)
                return number;
        }

        throw Damaged(path);
    }

    static CheckpointException Damaged(string path) => new($"{path}: this cannot be read as an ONNX file: a part of it does not end where it should. The file is damaged, its download is not complete, or it is no ONNX file.");

    static Message Inside(Message kind, int number) => (kind, number) switch
    {
        (Message.Model, 7) => Message.Graph,
        (Message.Model, 25) => Message.Function,
        (Message.Model, 8 or 14) => Message.Pair,
        (Message.Graph, 1) => Message.Node,
        (Message.Graph, 5) => Message.Tensor,
        (Message.Graph, 11 or 12 or 13) => Message.ValueInfo,
        (Message.Function, 7) => Message.Node,
        (Message.Function, 9) => Message.Pair,
        (Message.Function, 11) => Message.Attribute,
        (Message.Node, 5) => Message.Attribute,
        (Message.Attribute, 5) => Message.Tensor,
        (Message.Attribute, 6) => Message.Graph,
        (Message.Tensor, 13) => Message.Pair,
        (Message.ValueInfo, 2) => Message.Type,
        (Message.Type, 1) => Message.TensorType,
        (Message.TensorType, 2) => Message.Shape,
        (Message.Shape, 1) => Message.Pair,
        _ => Message.None,
    };
}
