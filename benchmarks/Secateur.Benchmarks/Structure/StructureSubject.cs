using System.Collections.Immutable;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Structured;
using Secateur.Kernels;
using Secateur.Models;
using Secateur.Models.Bert;
using Secateur.Models.Text;
using Secateur.Models.Vit;

namespace Secateur.Benchmarks.Structure;

/// <summary>A network that is pruned, what it is looked at with, and what it is judged on.</summary>
/// <param name="Name">As in tables.</param>
/// <param name="Network">The network.</param>
/// <param name="Calibration">What it is looked at with; never what it is judged on.</param>
/// <param name="Samples">How many of that.</param>
/// <param name="Corrected">How many of that correctors see and multiply-adds are counted on: what random weights answer means nothing, so that few do.</param>
/// <param name="Test">What it is judged on.</param>
/// <param name="Exact">Whether scoring every unit by a run of its own takes minutes rather than hours.</param>
internal sealed record StructureSubject(string Name, Transformer Network, IExamples Calibration, int Samples, int Corrected, IExamples Test, bool Exact)
{
    /// <summary>Their names, in order.</summary>
    public static ImmutableArray<string> Names { get; } = ["scenes-vit", "bert-sst2", "DeiT-T", "DeiT-S-random", "BERT-base-random"];

    static string Real => Environment.GetEnvironmentVariable("SECATEUR_SHARED") is { Length: > 0 } named ? Path.Combine(named, "real") : Path.Combine(Repository.Root, "..", "shared", "real");

    /// <summary>Opens one.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="threads">Who computes.</param>
    /// <param name="images">Pictures or texts to judge on, at most.</param>
    /// <returns>Null where it is not at hand.</returns>
    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public static StructureSubject? Open(string name, Threads threads, int images) => name switch
    {
        "scenes-vit" => Scenes(threads, images),
        "bert-sst2" => Directory.Exists(Path.Combine(Real, "bert-sst2")) ? Sentences(threads) : null,
        "DeiT-T" => Directory.Exists(Path.Combine(Real, "deit_tiny_patch16_224")) ? Photographs(threads, images) : null,
        "DeiT-S-random" => Noise(RandomWeights.DeitSmall(threads)),
        "BERT-base-random" => Words(RandomWeights.BertBase(threads)),
        _ => throw new ArgumentException($"There is no network '{name}'; choose from {string.Join(", ", Names)}."),
    };

    static StructureSubject Scenes(Threads threads, int images)
    {
        VisionTransformer network = VisionTransformer.Load(Path.Combine(Repository.Root, "models", "scenes-vit"), new() { Threads = threads });
        PictureExamples Drawn(ulong first, int count) => new(new SceneSet(first, count, network.Config.Preprocessing));
        return new("scenes-vit", network, Drawn(SceneGenerator.FirstHeldOutSeed + 1_000_000, CalibrationData.Pictures), CalibrationData.Pictures, CalibrationData.Pictures, new KeptExamples(Drawn(SceneGenerator.FirstHeldOutSeed, images), network), true);
    }

    static StructureSubject Photographs(Threads threads, int images)
    {
        VisionTransformer network = VisionTransformer.Load(Path.Combine(Real, "deit_tiny_patch16_224"), new() { Threads = threads });
        ImagePreprocessing rules = network.Config.Preprocessing with { ShortSide = 256 };
        PictureSet Open(string path) => new(PictureSources.Open(Path.Combine(Real, path), new(network.Classes, network.Config.Labels)), rules);
        PictureSet all = Open(Path.Combine("imagenette2-val", "imagenette2_val.tar"));
        var some = new PictureSample(all, [.. CalibrationData.Spread(all.Count, images)]);
        return new("DeiT-T", network, new PictureExamples(new KeptPictures(Open("photographs"))), CalibrationData.Pictures, CalibrationData.Pictures, new KeptExamples(new PictureExamples(some), network), true);
    }

    static StructureSubject Sentences(Threads threads)
    {
        string folder = Path.Combine(Real, "bert-sst2");
        var network = (TextTransformer)Transformer.Load(folder, threads);
        ITokenizer tokenizer = Tokenizer.Open(folder);
        TextExamples Table(string file) => TextExamples.Of(TextTable.Open(Path.Combine(Real, "sst2", file), new() { Classes = network.Classes, ClassNames = network.Config.Labels }), tokenizer, network);
        return new("bert-sst2", network, Table("train.tsv"), CalibrationData.Texts, CalibrationData.Texts, new KeptExamples(Table("test.tsv"), network), true);
    }

    static StructureSubject Noise(VisionTransformer network) =>
        new("DeiT-S-random", network, new PictureExamples(new NoisePictures(network, CalibrationData.Pictures)), CalibrationData.Pictures, 4, new KeptExamples(new PictureExamples(new NoisePictures(network, 16)), network), false);

    static StructureSubject Words(TextTransformer network) =>
        new("BERT-base-random", network, TextExamples.Noise(network, CalibrationData.Texts), CalibrationData.Texts, 4, new KeptExamples(TextExamples.Noise(network, 32, 40), network), false);
}
