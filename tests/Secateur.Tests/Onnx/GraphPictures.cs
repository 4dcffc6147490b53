using Secateur.Evaluation.Datasets;
using Secateur.Models.Images;
using Secateur.Models.Vit;

namespace Secateur.Tests.Onnx;

/// <summary>Pictures on which graphs are compared with the engine.</summary>
internal static class GraphPictures
{
    /// <summary>Three: scenes for the network that was trained on them, noise for those with random weights.</summary>
    public static float[] Of(VisionTransformer network)
    {
        var images = new float[3 * network.ImageLength];
        if (network.Config.Labels.SequenceEqual(SceneGenerator.Classes))
        {
            var scenes = new SceneSet(SceneGenerator.FirstHeldOutSeed, 3, network.Config.Preprocessing);
            for (int i = 0; i < 3; i++)
                scenes.Draw(i, images.AsSpan(i * network.ImageLength, network.ImageLength));
            return images;
        }

        var random = new Random(1);
        foreach (ref float pixel in images.AsSpan())
            pixel = (2 * random.NextSingle()) - 1;
        return images;
    }

    /// <summary>As many photographs.</summary>
    /// <exception cref="SkipException">They are not there.</exception>
    public static float[] Photographs(VisionTransformer network, int count)
    {
        string[] files = [.. File.ReadLines(RealData.Path("photographs/labels.csv")).Skip(1).Take(count).Select(line => RealData.Path($"photographs/{line.Split(',')[0]}"))];
        var images = new float[count * network.ImageLength];
        for (int i = 0; i < count; i++)
            Preprocessor.Run(ImageFile.Load(files[i]), new() { ShortSide = 256 }, images.AsSpan(i * network.ImageLength, network.ImageLength));
        return images;
    }
}
