using System.Collections.Immutable;
using Secateur.Evaluation.Datasets;
using Secateur.Models.Images;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Evaluation.Reports;

/// <summary>Pictures as the network saw them, and what became of their patches.</summary>
/// <param name="Grid">Rows and columns of patches.</param>
/// <param name="Prefix">Tokens before the patches.</param>
/// <param name="Seen">By index: the pictures that are shown anywhere.</param>
/// <param name="Stages">By index, then by cell: what happened, stage by stage.</param>
public sealed record ReportPictures((int Rows, int Columns) Grid, int Prefix, ImmutableSortedDictionary<int, RgbImage> Seen, ImmutableSortedDictionary<int, ImmutableArray<PictureStages>> Stages)
{
    /// <summary>Plans that are shown stage by stage, at most.</summary>
    internal const int Plans = 6;

    /// <summary>Regressions that are shown of each of them, at most.</summary>
    internal const int Regressions = 4;

    /// <summary>The network's parameters.</summary>
    public long Parameters { get; init; }

    /// <summary>Runs the network on some pictures: a few first ones, and those that most plans lose.</summary>
    /// <param name="report">The results.</param>
    /// <param name="network">The network they are of.</param>
    /// <param name="pictures">The pictures they are of.</param>
    /// <param name="count">How many pictures to show stage by stage.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>What is to be shown.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static ReportPictures Draw(Report report, VisionTransformer network, PictureSet pictures, int count, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(pictures);
        ImmutableArray<ReportRow> rows = report.Showcase(Plans);
        var seen = ImmutableSortedDictionary.CreateBuilder<int, RgbImage>();
        var stages = ImmutableSortedDictionary.CreateBuilder<int, ImmutableArray<PictureStages>>();
        var input = new float[pictures.InputLength];
        foreach (int index in Chosen(report, rows, count))
        {
            pictures.Read(index, input);
            seen[index] = Picture(input, pictures.Preprocessing);
            stages[index] = [.. rows.Select(row => Run(network, input, row, cancellation))];
        }

        foreach (int index in rows.SelectMany(row => row.Accuracy.Regressions.Take(Regressions)).Select(one => one.Index).Where(index => !seen.ContainsKey(index)).Distinct().ToArray())
        {
            cancellation.ThrowIfCancellationRequested();
            pictures.Read(index, input);
            seen[index] = Small(Picture(input, pictures.Preprocessing));
        }

        return new(network.Grid, network.PrefixTokens, seen.ToImmutable(), stages.ToImmutable()) { Parameters = Count(network) };
    }

    static int[] Chosen(Report report, ImmutableArray<ReportRow> rows, int count)
    {
        int worst = rows.IsEmpty ? 0 : count / 2;
        int[] lost = [.. rows.SelectMany(row => row.Accuracy.Regressions).GroupBy(one => one.Index)
            .OrderByDescending(group => group.Count()).ThenByDescending(group => group.First().DenseProbability).ThenBy(group => group.Key).Select(group => group.Key).Take(worst)];
        int[] first = [.. Enumerable.Range(0, report.Pictures.Length).Where(index => !lost.Contains(index) && !report.Dense.Answers.Answers[index].IsBad).Take(count - lost.Length)];
        return [.. first, .. lost];
    }

    static PictureStages Run(VisionTransformer network, float[] input, ReportRow row, CancellationToken cancellation)
    {
        var maps = new Recorder(TokenMap.Identity(network.PrefixTokens + network.PatchTokens));
        network.Run(input, 1, new float[network.Classes], row.Cell.Plan, maps, cancellation);
        return new(row.Cell.Name, [.. maps.Sofar.Select(one => (row.Cell.Plan.Stages[one.Stage].Block, one.Map))]);
    }

    /// <summary>The network's input, back as a picture.</summary>
    static RgbImage Picture(float[] input, ImagePreprocessing rules)
    {
        (int height, int width) = rules.Size;
        var picture = new RgbImage(width, height);
        (float mean, float deviation)[] channels = [(rules.Mean.Red, rules.Deviation.Red), (rules.Mean.Green, rules.Deviation.Green), (rules.Mean.Blue, rules.Deviation.Blue)];
        for (int c = 0; c < channels.Length; c++)
            for (int i = 0; i < height * width; i++)
                picture.Pixels[(3 * i) + c] = (byte)Math.Clamp(MathF.Round(255 * ((input[(c * height * width) + i] * channels[c].deviation) + channels[c].mean)), 0, 255);
        return picture;
    }

    static RgbImage Small(RgbImage picture)
    {
        const int side = 112;
        int larger = Math.Max(picture.Width, picture.Height);
        return larger <= side ? picture : Resize.To(picture, Math.Max(1, picture.Width * side / larger), Math.Max(1, picture.Height * side / larger), ResampleFilter.Box);
    }

    static long Count(VisionTransformer network)
    {
        long parameters = 0;
        network.VisitWeights((_, shape, _) => parameters += shape.Aggregate(1L, (product, length) => product * length));
        return parameters;
    }

    sealed class Recorder(TokenMap all) : RunObserver
    {
        public List<(int Stage, TokenMap Map)> Sofar { get; } = [];

        public override void OnMap(int stage, int sequence, TokenMap map) => Sofar.Add((stage, (Sofar.Count == 0 ? all : Sofar[^1].Map).Then(map)));
    }
}

/// <summary>What a plan left of a picture.</summary>
/// <param name="Cell">The plan's cell.</param>
/// <param name="After">Block after which, or in which, and the tokens of the network's input that were left from there on, stage by stage.</param>
public sealed record PictureStages(string Cell, ImmutableArray<(int Block, TokenMap Map)> After);
