using System.Globalization;
using Secateur.Evaluation.Datasets;
using Secateur.Models.Vit;

namespace Secateur.Cli.Commands.Planning;

/// <summary>The pictures that <c>--images</c> names.</summary>
internal static class PlanPictures
{
    const string Scenes = "scenes";
    const int DefaultScenes = 256;
    const int FewestPictures = 2;

    /// <summary>Opens them.</summary>
    /// <param name="named">A folder, "scenes" or "scenes:COUNT"; null for scenes where the network was made for them.</param>
    /// <param name="network">Who will look at them.</param>
    /// <returns>At least two pictures, kept in memory once they are read; without labels where those are not the network's classes.</returns>
    /// <exception cref="UsageException">Nothing is named and there is no default.</exception>
    /// <exception cref="BadInputException">There are no such pictures, or they do not fit the network.</exception>
    internal static IPictureSet Open(string? named, VisionTransformer network)
    {
        if (network.OuterMacs.Head == 0)
            throw new UsageException($"{network.Config.Architecture} has no classifier, so that there are no answers to compare; plan with a network that has one.");
        bool knowsScenes = network.Config.Labels.SequenceEqual(SceneGenerator.Classes);
        named ??= knowsScenes ? Scenes : throw new UsageException($"say on which pictures {network.Config.Architecture} is to be looked at: --images DIR, a folder of JPEG and PNG files (a labels.csv in it with lines \"file,class index\" is used where there is one).");
        ImagePreprocessing rules = network.Config.Preprocessing with { Size = network.ImageSize };
        IPictureSet pictures = Count(named) is { } count
            ? new PictureSample(new SceneSet(SceneGenerator.FirstHeldOutSeed, count, rules), [.. Enumerable.Range(0, count)], labelled: knowsScenes)
            : Folder(named, rules, network);
        return pictures.Count >= FewestPictures
            ? new KeptPictures(pictures)
            : throw new BadInputException($"--images {named}: there is one picture; half of them are searched with and half are held out, so that there must be two or better a hundred.");
    }

    static int? Count(string named) => named switch
    {
        Scenes => DefaultScenes,
        _ when !named.StartsWith(Scenes + ":", StringComparison.Ordinal) => null,
        _ when int.TryParse(named.AsSpan(Scenes.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= FewestPictures and <= 1_000_000 => count,
        _ => throw new UsageException($"--images {named}: how many scenes there are to be is a number from {FewestPictures} to 1000000, as in scenes:{DefaultScenes}."),
    };

    static PictureFolder Folder(string named, ImagePreprocessing rules, VisionTransformer network)
    {
        if (!Directory.Exists(named))
            throw new BadInputException($"--images {named}: there is no such folder; give a folder of JPEG and PNG files, or {Scenes}:COUNT for drawn scenes.");
        var folder = new PictureFolder(named, rules);
        return folder.LargestLabel < network.Classes
            ? folder
            : throw new BadInputException($"--images {named}: labels.csv names class {folder.LargestLabel}, and {network.Config.Architecture} has {network.Classes} classes, 0 to {network.Classes - 1}. Use the labels of its classes, or take the file away to go by agreement with the dense network.");
    }
}
