using System.Text;
using System.Text.RegularExpressions;
using Secateur.Models.Checkpoints;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Checkpoints;

/// <summary>A fixture of timm's, written again with the names that another library gives the same weights.</summary>
internal sealed partial class ForeignCheckpoint : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly SafetensorsFile source;
    readonly List<OutputTensor> tensors = [];

    public ForeignCheckpoint(string family) => source = SafetensorsFile.Open(Fixtures.Path($"timm/{family}/model.safetensors"));

    public string Path => folder.Path;

    /// <summary>timm's tensors.</summary>
    public SafetensorsFile Timm => source;

    /// <summary>Every weight of timm's under the name that <paramref name="rename"/> makes of it; where it makes three, split into three. Null: left out.</summary>
    public ForeignCheckpoint Rename(Func<string, string?> rename, Func<string, int[], int[]>? reshape = null)
    {
        foreach (TensorInfo info in source.Tensors.Values)
        {
            if (rename(info.Name) is not { } name)
                continue;
            float[] values = source.Read(info.Name);
            int[] shape = reshape?.Invoke(info.Name, [.. info.Shape]) ?? [.. info.Shape];
            string[] parts = name.Split('|');
            if (parts.Length > 1)
                shape[0] /= parts.Length;
            for (int i = 0; i < parts.Length; i++)
                Add(parts[i], shape, values.AsMemory(i * values.Length / parts.Length, values.Length / parts.Length));
        }

        return this;
    }

    public ForeignCheckpoint Add(string name, int[] shape, ReadOnlyMemory<float>? values = null)
    {
        tensors.Add(OutputTensor.Of(name, shape, values ?? new float[shape.Aggregate(1, (a, b) => a * b)]));
        return this;
    }

    public ForeignCheckpoint Json(string file, string text)
    {
        File.WriteAllText(folder[file], text, Encoding.UTF8);
        return this;
    }

    public VitCheckpoint Open()
    {
        // In an order that no reader may rely on.
        SafetensorsWriter.Write(folder["model.safetensors"], tensors.OrderBy(tensor => tensor.Info.Name, StringComparer.Ordinal).Reverse());
        return VitCheckpoint.Open(Path);
    }

    /// <summary>The parts of a block's name: its number and the rest.</summary>
    public static (string Number, string Remainder)? Block(string name) => BlockName().Match(name) is { Success: true } match ? (match.Groups[1].Value, match.Groups[2].Value) : null;

    public void Dispose()
    {
        source.Dispose();
        folder.Dispose();
    }

    [GeneratedRegex(@"^blocks\.(\d+)\.(.*)$")]
    private static partial Regex BlockName();
}
