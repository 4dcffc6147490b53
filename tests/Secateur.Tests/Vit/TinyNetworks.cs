using System.Text.Json;
using Secateur.Kernels;
using Secateur.Models.Checkpoints;
using Secateur.Models.Vit;

namespace Secateur.Tests.Vit;

/// <summary>The small networks with random weights whose every intermediate result the reference framework has written down.</summary>
internal static class TinyNetworks
{
    public static readonly string[] All = ["tiny-vit", "tiny-deit-distilled", "tiny-dinov2-registers", "odd-vit"];

    public static VisionTransformer Load(string name, KernelSet? kernels = null, Threads? threads = null)
    {
        using JsonDocument shape = JsonDocument.Parse(File.ReadAllText(Fixtures.Path($"{name}/shape.json")));
        int size = shape.RootElement.GetProperty("img").GetInt32();
        var config = new VitConfig
        {
            Architecture = name,
            ImageSize = (size, size),
            HeadDim = shape.RootElement.GetProperty("C").GetInt32() / shape.RootElement.GetProperty("H").GetInt32(),
        };
        using SafetensorsFile weights = SafetensorsFile.Open(Fixtures.Path($"{name}/model.safetensors"));
        return new(config, weights, new VitOptions { Kernels = kernels, Threads = threads });
    }

    public static SafetensorsFile Expected(string name) => SafetensorsFile.Open(Fixtures.Path($"{name}/expected.safetensors"));

    public static float[] Read(this ITensorSource source, string tensor)
    {
        var values = new float[source.Tensors[tensor].Length];
        source.Read(tensor, values);
        return values;
    }

    /// <summary>The largest difference, in units of the largest magnitude expected.</summary>
    public static double Difference(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double largest = 0, difference = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(expected[i]));
            double d = Math.Abs(expected[i] - actual[i]);
            difference = double.IsNaN(d) ? double.PositiveInfinity : Math.Max(difference, d);
        }

        return difference / Math.Max(largest, 1);
    }
}
