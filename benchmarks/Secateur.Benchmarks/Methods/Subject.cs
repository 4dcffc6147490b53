using Secateur.Evaluation.Datasets;
using Secateur.Kernels;
using Secateur.Models.Vit;

namespace Secateur.Benchmarks.Methods;

/// <summary>A trained network and the pictures that its plans are judged by.</summary>
/// <param name="Name">As in tables.</param>
/// <param name="Network">The network.</param>
/// <param name="Pictures">Every set with what its column is called.</param>
internal sealed record Subject(string Name, VisionTransformer Network, IReadOnlyList<(string Column, IPictureSet Pictures)> Pictures)
{
    /// <summary>Every n-th picture of Imagenette stands for the whole.</summary>
    const int ImagenetteStep = 10;

    /// <summary>The bundled network on drawn scenes, and DeiT-Tiny on real photographs where they are.</summary>
    /// <param name="threads">Who computes.</param>
    /// <param name="scenes">How many scenes.</param>
    public static IEnumerable<Subject> All(Threads threads, int scenes)
    {
        VisionTransformer bundled = VisionTransformer.Load(Path.Combine(Repository.Root, "models", "scenes-vit"), new() { Threads = threads });
        yield return new("scenes-vit", bundled, [("drawn scenes", Kept(new SceneSet(SceneGenerator.FirstHeldOutSeed, scenes, bundled.Config.Preprocessing)))]);

        string? named = Environment.GetEnvironmentVariable("SECATEUR_SHARED");
        string real = Path.Combine(string.IsNullOrEmpty(named) ? Path.Combine(Repository.Root, "..", "shared") : named, "real"), folder = Path.Combine(real, "deit_tiny_patch16_224");
        if (!Directory.Exists(folder))
            yield break;
        VisionTransformer deit = VisionTransformer.Load(folder, new() { Threads = threads });

        // The published references of these photographs resized the short side to 256.
        ImagePreprocessing preprocessing = deit.Config.Preprocessing with { ShortSide = 256 };
        var sets = new List<(string, IPictureSet)> { ("photographs", Kept(Open(Path.Combine(real, "photographs"), deit, preprocessing))) };
        string imagenette = Path.Combine(real, "imagenette2-val", "imagenette2_val.tar");
        if (File.Exists(imagenette))
            sets.Add(("Imagenette", Kept(new EveryNth(Open(imagenette, deit, preprocessing), ImagenetteStep))));

        yield return new("DeiT-T", deit, sets);
    }

    static KeptPictures Kept(IPictureSet pictures) => new(pictures, pictures.Count);

    static PictureSet Open(string path, VisionTransformer network, ImagePreprocessing preprocessing) =>
        new(PictureSources.Open(path, new(network.Classes, network.Config.Labels)), preprocessing);

    sealed class EveryNth(IPictureSet all, int step) : IPictureSet
    {
        public string Name => $"every {step}th of {all.Name}";

        public int Count => (all.Count + step - 1) / step;

        public int InputLength => all.InputLength;

        public bool Labelled => all.Labelled;

        public int Read(int index, Span<float> input) => all.Read(index * step, input);
    }
}
