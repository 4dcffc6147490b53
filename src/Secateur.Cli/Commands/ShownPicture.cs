using System.Globalization;
using Secateur.Evaluation.Datasets;
using Secateur.Models.Images;
using Secateur.Models.Vit;

namespace Secateur.Cli.Commands;

/// <summary>A picture to be shown.</summary>
/// <param name="Name">As it was named, or the scene's name.</param>
/// <param name="File">Its path; null for a drawn scene.</param>
/// <param name="Truth">What is on it; null where nobody said.</param>
/// <param name="See">The picture as the network sees it, resized and cropped.</param>
internal sealed record ShownPicture(string Name, string? File, string? Truth, Func<RgbImage> See)
{
    const int UsualScenes = 4;
    const int MostScenes = 10_000;

    /// <summary>Words of a command line as pictures: files, folders, <c>scenes:COUNT</c> (held-out scenes) and <c>scene:SEED</c> (one).</summary>
    /// <param name="words">What was typed; a file of that name goes before a scene.</param>
    /// <param name="rules">How a picture becomes the network's input.</param>
    /// <returns>Pictures in the order of the words.</returns>
    /// <exception cref="BadInputException">Something named is not there.</exception>
    /// <exception cref="UsageException">A number of scenes or a seed cannot be meant.</exception>
    public static IReadOnlyList<ShownPicture> All(IReadOnlyList<string> words, ImagePreprocessing rules) =>
        [.. words.SelectMany(word => Path.Exists(word) || Scenes(word) is not var (first, count)
            ? ImageList.Expand([word]).Select(file => new ShownPicture(file, file, null, () => Preprocessor.Crop(ImageFile.Load(file), rules)))
            : Drawn(first, count, rules))];

    static IEnumerable<ShownPicture> Drawn(ulong first, int count, ImagePreprocessing rules)
    {
        if (rules.Size.Height != rules.Size.Width)
            throw new UsageException($"scenes are square, and this network takes pictures of {rules.Size.Height} x {rules.Size.Width}; name picture files.");
        var set = new SceneSet(first, count, rules);
        return Enumerable.Range(0, count).Select(i => new ShownPicture(set[i].Name, null, SceneGenerator.Classes[set[i].Label], () => set.Draw(i).Picture));
    }

    static (ulong First, int Count)? Scenes(string word)
    {
        string[] parts = word.Split(':', 2);
        switch (parts)
        {
            case ["scenes"]:
                return (SceneGenerator.FirstHeldOutSeed, UsualScenes);
            case ["scenes", var text]:
                return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is > 0 and <= MostScenes
                    ? (SceneGenerator.FirstHeldOutSeed, count)
                    : throw new UsageException($"{word}: how many scenes is a number from 1 to {MostScenes}, as in scenes:{UsualScenes}.");
            case ["scene", var text]:
                return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
                    ? (seed, 1)
                    : throw new UsageException($"{word}: a scene's seed is a whole number, as in scene:{SceneGenerator.FirstHeldOutSeed}.");
            default:
                return null;
        }
    }
}
