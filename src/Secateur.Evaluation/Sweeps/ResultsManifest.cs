using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Secateur.Compression.Tokens;
using Secateur.Evaluation.Datasets;
using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Evaluation.Sweeps;

/// <summary>What the results in a folder are results of.</summary>
public sealed record ResultsManifest
{
    /// <summary>The version of the tool: "0.1.0".</summary>
    public required string Tool { get; init; }

    /// <summary>For people.</summary>
    public required string Architecture { get; init; }

    /// <summary>The network's <see cref="WeightsHash"/>.</summary>
    public required string Weights { get; init; }

    /// <summary>How many classes the network knows.</summary>
    public required int Classes { get; init; }

    /// <summary>Their names; empty where they are not known.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>For people: the set of pictures.</summary>
    public required string Pictures { get; init; }

    /// <summary>How many pictures.</summary>
    public required int Count { get; init; }

    /// <summary>Whether they have labels.</summary>
    public required bool Labelled { get; init; }

    /// <summary>The set's <see cref="PictureSet.Hash"/>.</summary>
    public required string PicturesHash { get; init; }

    /// <summary>How a picture becomes the network's input, in one line.</summary>
    public required string Preprocessing { get; init; }

    /// <summary>Pictures that ran together. Methods that look at one picture at a time answer the same at every batch.</summary>
    public required int Batch { get; init; }

    /// <summary>Multiply-adds of the dense network for one picture: of the blocks alone (what most papers count), and with patch embedding and classifier.</summary>
    public required (long Blocks, long Total) DenseMacs { get; init; }

    /// <summary>The network as it was named; not part of the identity.</summary>
    public required string Model { get; init; }

    /// <summary>The pictures as they were named; not part of the identity.</summary>
    public required string Data { get; init; }

    /// <summary>How they were asked for besides, as words of a command line: "--labels", "list.csv", "--resize", "256". Not part of the identity.</summary>
    public ImmutableArray<string> DataOptions { get; init; } = [];

    /// <summary>What is measured, in order: the dense network first. Not part of the identity.</summary>
    public ImmutableArray<SweepCell> Cells { get; init; } = [SweepCell.Dense];

    /// <summary>Describes a network on pictures.</summary>
    /// <param name="network">The network.</param>
    /// <param name="pictures">The pictures.</param>
    /// <param name="batch">Pictures that run together.</param>
    /// <param name="model">The network as it was named.</param>
    /// <param name="data">The pictures as they were named.</param>
    /// <returns>A description without cells other than the dense one.</returns>
    public static ResultsManifest Of(VisionTransformer network, PictureSet pictures, int batch, string model, string data)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(pictures);
        ImagePreprocessing rules = pictures.Preprocessing;
        MacCount dense = MacCounter.Count(network, TokenPlan.Dense);
        return new()
        {
            Tool = typeof(ResultsManifest).Assembly.GetName().Version!.ToString(3),
            Architecture = network.Config.Architecture,
            Weights = WeightsHash.Of(network),
            Classes = network.Classes,
            Labels = pictures.ClassNames.IsEmpty ? network.Config.Labels : pictures.ClassNames,
            Pictures = pictures.Name,
            Count = pictures.Count,
            Labelled = pictures.Labelled,
            PicturesHash = pictures.Hash,
            Preprocessing = string.Create(CultureInfo.InvariantCulture, $"{rules.Size.Height}x{rules.Size.Width}, {rules.Interpolation}, short side {(rules.ShortSide is { } side ? side : "derived")}, resized {rules.ResizeTo?.ToString() ?? "no"}, crop {rules.CropFraction:R} {rules.CropMode} {rules.CropRounding}, mean {rules.Mean}, deviation {rules.Deviation}"),
            Batch = batch,
            DenseMacs = (dense.Blocks, dense.Total),
            Model = model,
            Data = data,
        };
    }

    /// <summary>What keeps results of this from being mixed with results of another: for people, a part a difference.</summary>
    /// <param name="other">The other.</param>
    /// <returns>"weights 1f2e3d4c... there, 5a6b7c8d... here"; empty where nothing differs.</returns>
    public ImmutableArray<string> Differences(ResultsManifest other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var found = ImmutableArray.CreateBuilder<string>();
        Compare("version of secateur", Tool, other.Tool);
        Compare("weights", Short(Weights), Short(other.Weights));
        Compare("classes", $"{Classes}", $"{other.Classes}");
        Compare("pictures", $"{Pictures} ({Short(PicturesHash)})", $"{other.Pictures} ({Short(other.PicturesHash)})", Count == other.Count && PicturesHash == other.PicturesHash);
        Compare("preprocessing", Preprocessing, other.Preprocessing);
        Compare("batch", $"{Batch}", $"{other.Batch}");
        return found.ToImmutable();

        void Compare(string what, string here, string there, bool? same = null)
        {
            if (!(same ?? here == there))
                found.Add($"{what} {there} there, {here} here");
        }

        static string Short(string hash) => hash.Length > 8 ? hash[..8] + "..." : hash;
    }

    /// <summary>The hash of all that a cell's answers depend on: tool, weights, pictures, preprocessing, batch and plan. Results of different identities are never mixed.</summary>
    /// <param name="cell">The cell.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public string IdentityOf(SweepCell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        string plan = TokenPlanFile.Print(cell.Plan with { Name = "", Origin = null });
        string text = string.Create(CultureInfo.InvariantCulture, $"{Tool}\n{Weights}\n{Classes}\n{PicturesHash}\n{Count}\n{Preprocessing}\n{Batch}\n{cell.Name}\n{plan}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
