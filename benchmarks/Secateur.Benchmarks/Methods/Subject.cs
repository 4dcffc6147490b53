using System.Formats.Tar;
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
        var sets = new List<(string, IPictureSet)> { ("photographs", Kept(new PictureFolder(Path.Combine(real, "photographs"), preprocessing))) };
        if (File.Exists(Path.Combine(real, "imagenette2-val", "imagenette2_val.tar")))
        {
            var all = new PictureFolder(Extracted(Path.Combine(real, "imagenette2-val")), preprocessing);
            sets.Add(("Imagenette", Kept(new EveryNth(all, ImagenetteStep))));
        }

        yield return new("DeiT-T", deit, sets);
    }

    static KeptPictures Kept(IPictureSet pictures) => new(pictures, pictures.Count);

    static string Extracted(string folder)
    {
        string to = Path.Combine(Repository.Root, "artifacts", "benchmarks", "imagenette");
        if (!Directory.Exists(to))
        {
            Directory.CreateDirectory(to + ".part");
            TarFile.ExtractToDirectory(Path.Combine(folder, "imagenette2_val.tar"), to + ".part", overwriteFiles: true);
            File.Copy(Path.Combine(folder, "labels.csv"), Path.Combine(to + ".part", "labels.csv"), overwrite: true);
            Directory.Move(to + ".part", to);
        }

        return to;
    }

    sealed class EveryNth(IPictureSet all, int step) : IPictureSet
    {
        public string Name => $"every {step}th of {all.Name}";

        public int Count => (all.Count + step - 1) / step;

        public int InputLength => all.InputLength;

        public bool Labelled => all.Labelled;

        public int Read(int index, Span<float> input) => all.Read(index * step, input);
    }
}
