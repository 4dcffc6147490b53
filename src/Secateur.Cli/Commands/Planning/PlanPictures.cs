using Secateur.Evaluation.Datasets;
using Secateur.Models.Vit;

namespace Secateur.Cli.Commands.Planning;

/// <summary>The pictures that <c>--images</c> names.</summary>
internal static class PlanPictures
{
    const int FewestPictures = 2;

    /// <summary>Opens them.</summary>
    /// <param name="named">As for <see cref="DataOptions"/>; null for scenes where the network was made for them.</param>
    /// <param name="network">Who will look at them.</param>
    /// <param name="terminal">Told what could have been meant otherwise.</param>
    /// <returns>At least two pictures, kept in memory once they are read; without labels where those are not the network's classes.</returns>
    /// <exception cref="UsageException">Nothing is named and there is no default.</exception>
    /// <exception cref="BadInputException">There are no such pictures, or they do not fit the network.</exception>
    internal static IPictureSet Open(string? named, VisionTransformer network, Terminal terminal)
    {
        if (network.OuterMacs.Head == 0)
            throw new UsageException($"{network.Config.Architecture} has no classifier, so that there are no answers to compare; plan with a network that has one.");
        bool knowsScenes = network.Config.Labels.SequenceEqual(SceneGenerator.Classes);
        named ??= knowsScenes ? DataOptions.Scenes : throw new UsageException($"say on which pictures {network.Config.Architecture} is to be looked at: --images DIR, a folder of JPEG and PNG files (a labels.csv in it with lines \"file,class index\" is used where there is one).");
        PictureSet pictures = DataOptions.Open(named, null, null, network, network.Config.Preprocessing, terminal);
        return pictures.Count >= FewestPictures
            ? new KeptPictures(pictures)
            : throw new BadInputException($"--images {named}: there is one picture; half of them are searched with and half are held out, so that there must be two or better a hundred.");
    }
}
