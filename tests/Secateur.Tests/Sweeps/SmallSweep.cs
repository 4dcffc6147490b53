using System.Collections.Immutable;
using Secateur.Compression.Tokens;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Sweeps;
using Secateur.Models.Images;
using Secateur.Models.Vit;

namespace Secateur.Tests.Sweeps;

/// <summary>A few cells on a few drawn scenes: small enough to be measured often.</summary>
internal static class SmallSweep
{
    public const int Batch = 2;

    static readonly VisionTransformer Network = Secateur.Cli.Network.Load("scenes-vit", 1);

    public static SweepSpec Spec { get; } = new([TokenMethods.Get("tome"), TokenMethods.Get("random-drop")], [0.7], [0, 1]);

    /// <summary>Measures a part of it in a folder, cells in any order after the dense one.</summary>
    public static ImmutableArray<SweepCell> Run(ResultsFolder folder, Shard shard, int count = 7, Func<IEnumerable<SweepCell>, IEnumerable<SweepCell>>? order = null, int batch = Batch, SweepSpec? spec = null)
    {
        PictureSet pictures = Pictures(count);
        ResultsManifest manifest = Manifest(pictures, batch);
        (manifest, ImmutableArray<SweepCell> cells, _) = new SweepPlans(Network, pictures, manifest, folder).Prepare(spec ?? Spec);
        var run = new CellRun(Network, pictures, manifest, folder, shard);
        run.Run(cells[0]);
        foreach (SweepCell cell in order?.Invoke(cells.Skip(1)) ?? cells.Skip(1))
            run.Run(cell);
        return cells;
    }

    /// <summary>The dense cell alone, of pictures some of which cannot be read.</summary>
    public static CellRun Dense(ResultsFolder folder, int count, int mostBad = 0, params int[] unreadable)
    {
        PictureSet whole = Pictures(count), pictures = new(new PartlyUnreadable(whole.Source, unreadable), whole.Preprocessing);
        return new(Network, pictures, Manifest(pictures, Batch), folder, Shard.Whole) { MostBad = mostBad };
    }

    /// <summary>A few pictures, and what measures them.</summary>
    public static (ResultsManifest Manifest, PictureSet Pictures) Described(int count) => (Manifest(Pictures(count), Batch), Pictures(count));

    static PictureSet Pictures(int count)
    {
        ImagePreprocessing rules = Network.Config.Preprocessing with { Size = Network.ImageSize };
        return new(new SceneSet(SceneGenerator.FirstHeldOutSeed, count, rules), rules);
    }

    static ResultsManifest Manifest(PictureSet pictures, int batch) => ResultsManifest.Of(Network, pictures, batch, "scenes-vit", $"scenes:{pictures.Count}");

    /// <summary>Every file of a folder of results, by its name there.</summary>
    public static SortedDictionary<string, string> Files(string folder) => new(
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => !Path.GetFileName(file).StartsWith('.'))
            .ToDictionary(file => Path.GetRelativePath(folder, file), file => Convert.ToHexString(File.ReadAllBytes(file))),
        StringComparer.Ordinal);

    sealed class PartlyUnreadable(IPictureSource source, int[] unreadable) : IPictureSource
    {
        public string Name => source.Name;

        public int Count => source.Count;

        public bool Labelled => source.Labelled;

        public PictureEntry this[int index] => source[index];

        public RgbImage Load(int index) => unreadable.Contains(index) ? throw new ImageException($"{source[index].Name} is broken") : source.Load(index);
    }
}
