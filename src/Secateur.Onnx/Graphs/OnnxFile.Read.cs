using Google.Protobuf;
using Secateur.Models.Checkpoints;
using Secateur.Onnx.Schema;

namespace Secateur.Onnx.Graphs;

/// <content>Reading, with suspicion.</content>
internal static partial class OnnxFile
{
    /// <summary>The versions of operators that are read.</summary>
    public const int OldestOpset = 11, NewestOpset = 21;

    /// <summary>The versions of the format itself that are read.</summary>
    public const int OldestFormat = 3, NewestFormat = 12;

    const int Deepest = 32;

    /// <summary>Reads a file and checks that it is a model of versions that are known; what its graph says is not looked at.</summary>
    /// <param name="path">An ONNX file; weights that lie beside it are not touched.</param>
    /// <exception cref="CheckpointException">It cannot be read, or it is none.</exception>
    public static ModelProto Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            using FileStream stream = File.OpenRead(path);
            if (stream.Length > int.MaxValue)
                throw new CheckpointException($"{path}: the file has {stream.Length} bytes, and an ONNX file {int.MaxValue} at most; larger weights lie in a file beside it.");
            WireScan.Require(path, stream, Deepest);
            stream.Position = 0;
            var input = CodedInputStream.CreateWithLimits(stream, int.MaxValue, Deepest);
            ModelProto model = ModelProto.Parser.WithDiscardUnknownFields(true).ParseFrom(input);
            RequireKnown(path, model);
            return model;
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{path}: this cannot be read as an ONNX file ({exception.Message})", exception);
        }
    }

    static void RequireKnown(string path, ModelProto model)
    {
        if (model.Graph is null || model.OpsetImport.Count == 0)
            throw new CheckpointException($"{path}: there is no graph in it, or nothing that says which operators it is made of; this is no ONNX model.");
        if (model.IrVersion is < OldestFormat or > NewestFormat)
            throw new CheckpointException($"{path}: the file is of IR version {model.IrVersion}; {OldestFormat} to {NewestFormat} are read here. Export it again with another version of the exporter.");
        long[] opsets = [.. model.OpsetImport.Where(import => IsStandard(import.Domain)).Select(import => import.Version)];
        if (opsets is not [>= OldestOpset and <= NewestOpset])
            throw new CheckpointException($"{path}: its operators are of opset {(opsets.Length == 0 ? "none" : string.Join(" and ", opsets))}; {OldestOpset} to {NewestOpset} are read here. Export it again for one of these (opset_version=17).");
    }

    /// <summary>Whether a domain is that of ONNX itself.</summary>
    public static bool IsStandard(string domain) => domain is "" or "ai.onnx";
}
