using Secateur.Kernels;
using Secateur.Models.Vit;

namespace Secateur.Benchmarks.Networks;

/// <summary>One of the networks that <c>benchmarks/prepare</c> made: DeiT's shapes, random weights.</summary>
/// <param name="Name">As in tables.</param>
/// <param name="Architecture">As timm calls it; the name of its folder.</param>
internal sealed record DeitNetwork(string Name, string Architecture)
{
    public static DeitNetwork[] All { get; } =
    [
        new("DeiT-T", "deit_tiny_patch16_224"), new("DeiT-S", "deit_small_patch16_224"), new("DeiT-B", "deit_base_patch16_224"),
    ];

    /// <summary>The folder with weights, ONNX files and expected logits.</summary>
    /// <exception cref="DirectoryNotFoundException">It was not made yet.</exception>
    public string Folder
    {
        get
        {
            string folder = Path.Combine(Repository.Root, "artifacts", "benchmarks", Architecture);
            return File.Exists(Path.Combine(folder, "version"))
                ? folder
                : throw new DirectoryNotFoundException($"{Name} is not there to be measured; run benchmarks/prepare first.");
        }
    }

    public static DeitNetwork Named(string name) =>
        All.FirstOrDefault(network => network.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"There is no network '{name}'; choose one of {string.Join(", ", All.Select(network => network.Name))}.");

    public VisionTransformer Load(Threads threads) => VisionTransformer.Load(Folder, new() { Threads = threads });

    /// <summary>The file for ONNX Runtime.</summary>
    public string Onnx(string form, int batch) => Path.Combine(Folder, FormattableString.Invariant($"{form}-{batch}.onnx"));

    /// <summary>Pictures of noise in the range of normalised photographs.</summary>
    public static float[] Pictures(VisionTransformer network, int batch)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, batch * network.ImageLength).Select(_ => (4 * random.NextSingle()) - 2)];
    }
}
