using System.Text.Json;
using Secateur.Compression.Tokens;
using Secateur.Models.Checkpoints;
using Secateur.Models.Images;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Tokens;

/// <summary>A real network and 100 photographs under a plan, against what the reference framework answered.</summary>
internal static class Photographs
{
    /// <summary>Runs the photographs and compares; skips where they are absent.</summary>
    /// <param name="name">The plan's name among the reference's answers.</param>
    /// <param name="planName">The plan's name here.</param>
    public static void Compare(string name, string planName)
    {
        string folder = RealData.Path("deit_tiny_patch16_224");
        using SafetensorsFile weights = SafetensorsFile.Open(Path.Combine(folder, "model.safetensors"));
        using SafetensorsFile expected = SafetensorsFile.Open(RealData.Path("photographs-expected.safetensors"));
        float[] reference = expected.Read($"{name}/logits");
        var network = new VisionTransformer(new VitConfig { ImageSize = (224, 224), HeadDim = 64 }, weights);
        TokenPlan plan = TokenPlans.Named(planName, network.Depth, network.PatchTokens);
        var preprocessing = new ImagePreprocessing { ShortSide = 256 };

        string[] lines = [.. File.ReadLines(RealData.Path("photographs/labels.csv")).Skip(1)];
        int same = 0, agreeing = 0, correct = 0;
        double largest = 0;
        var image = new float[network.ImageLength];
        for (int i = 0; i < lines.Length; i++)
        {
            string[] line = lines[i].Split(',');
            Preprocessor.Run(ImageFile.Load(RealData.Path($"photographs/{line[0]}")), preprocessing, image);
            float[] logits = network.Run(image, 1, plan);
            ReadOnlySpan<float> wanted = reference.AsSpan(i * 1000, 1000);
            double difference = TinyNetworks.Difference(wanted, logits);
            largest = Math.Max(largest, difference);
            same += difference < 1e-3 ? 1 : 0;
            agreeing += Largest(logits) == Largest(wanted) ? 1 : 0;
            correct += Largest(logits) == int.Parse(line[1]) ? 1 : 0;
        }

        using JsonDocument counts = JsonDocument.Parse(File.ReadAllText(RealData.Path("photographs-expected.json")));
        int top1 = counts.RootElement.GetProperty(name).GetProperty("top1_of_100").GetInt32();
        string found = $"{same} of {lines.Length} answers are the same, {agreeing} agree on the class, {correct} are right (reference {top1}), the largest difference is {largest:g3}";

        // The order of float32 sums may flip a token that ties with another to six digits: a rare photograph may differ.
        Assert.True(same >= 97 && agreeing >= 99 && Math.Abs(correct - top1) <= 1, found);
    }

    static int Largest(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
            if (logits[i] > logits[best])
                best = i;
        return best;
    }
}
