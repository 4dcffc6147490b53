using Secateur.Cli;
using Secateur.Compression.Tokens;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Reports;
using Secateur.Evaluation.Sweeps;
using Secateur.Evaluation.Timing;
using Secateur.Models.Vit;

namespace Secateur.Tests.Reports;

/// <summary>Results of the bundled network on a few scenes: measured answers, times made up.</summary>
internal static class SomeResults
{
    public const int Pictures = 12;

    static readonly Lock Measuring = new();
    static readonly Dictionary<string, Dictionary<string, byte[]>> Measured = [];

    public static VisionTransformer Scenes { get; } = VisionTransformer.Load(Network.Locate("scenes-vit"));

    /// <summary>Fills a folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="labelled">Whether the pictures have labels.</param>
    /// <param name="timed">Whether the plans were timed.</param>
    /// <param name="strengths">How strong each method's plans are; none for the dense network alone.</param>
    /// <param name="change">Changes the manifest before anything is measured.</param>
    public static ResultsFolder Write(string path, bool labelled = true, bool timed = true, double[]? strengths = null, Func<ResultsManifest, ResultsManifest>? change = null)
    {
        // What is the same is measured once for all tests.
        string key = $"{labelled} {timed} {string.Join(' ', strengths ?? [])}";
        lock (Measuring)
        {
            if (change is null && Measured.TryGetValue(key, out Dictionary<string, byte[]>? files))
            {
                foreach ((string name, byte[] bytes) in files)
                {
                    Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(path, name))!);
                    File.WriteAllBytes(Path.Combine(path, name), bytes);
                }

                return new(path);
            }

            ResultsFolder folder = Measure(path, labelled, timed, strengths, change);
            if (change is null)
                Measured[key] = Directory.GetFiles(path, "*", SearchOption.AllDirectories).ToDictionary(file => Path.GetRelativePath(path, file), File.ReadAllBytes);
            return folder;
        }
    }

    static ResultsFolder Measure(string path, bool labelled, bool timed, double[]? strengths, Func<ResultsManifest, ResultsManifest>? change)
    {
        VisionTransformer network = Scenes;
        ImagePreprocessing rules = network.Config.Preprocessing with { Size = network.ImageSize };
        IPictureSource source = new SceneSet(SceneGenerator.FirstHeldOutSeed, Pictures, rules);
        var pictures = new PictureSet(labelled ? source : new WithoutLabels(source), rules);
        SweepCell[] cells = [SweepCell.Dense, .. ((string[])["tome", "zero-tprune", "random-drop"]).SelectMany(method => (strengths ?? [0.4, 1]).Select(strength => Cell(network, method, strength)))];
        ResultsManifest manifest = ResultsManifest.Of(network, pictures, 4, "scenes-vit", $"scenes:{Pictures}") with { Cells = [.. cells] };
        manifest = change?.Invoke(manifest) ?? manifest;
        var folder = new ResultsFolder(path);
        ResultsManifestFile.Save(manifest, folder);
        PictureListFile.Save(pictures.Source, folder.Pictures);
        var run = new CellRun(network, pictures, manifest, folder, Shard.Whole);
        foreach (SweepCell cell in manifest.Cells)
        {
            run.Run(cell);
            if (timed && !cell.IsDense)
                PlanTimingFile.Save(Timing(manifest, cell, 1 + (cell.Method == "tome" ? 0.004 : 1 - cell.Budget!.Value)), folder.Latency(cell.Name));
        }

        return folder;
    }

    public static Report Read(string path, bool labelled = true, bool timed = true, double[]? strengths = null, Func<ResultsManifest, ResultsManifest>? change = null) =>
        ReportReader.Load(Write(path, labelled, timed, strengths, change));

    static SweepCell Cell(VisionTransformer network, string method, double strength) =>
        new(FormattableString.Invariant($"{method}-{strength * 100:0}"), TokenMethods.Get(method).Family(network.Depth, network.PatchTokens, strength) with { Name = method })
        {
            Method = method,
            Budget = 1 - (strength / 2),
            Seed = method == "random-drop" ? 0 : null,
        };

    static PlanTiming Timing(ResultsManifest manifest, SweepCell cell, double speed) => new()
    {
        Architecture = manifest.Architecture,
        Weights = manifest.Weights,
        Name = cell.Plan.Name,
        Device = Profiling.Profiles.Device,
        Threads = 2,
        Batch = 1,
        Rounds = 50,
        WarmUp = 8,
        Steady = true,
        Dense = new(4, 5, 6),
        Plan = new(4 / speed, 5 / speed, 6 / speed),
        Speedup = new(speed, speed - 0.01, speed + 0.01),
        Control = new(1, 0.99, 1.01),
        DenseStages = new(0.25, 2, 1.5, 0, 0.25),
        PlanStages = new(0.25 / speed, 2 / speed, 1.25 / speed, 0.25 / speed, 0.25 / speed),
    };
}
