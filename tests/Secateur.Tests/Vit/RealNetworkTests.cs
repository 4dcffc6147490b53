using Secateur.Models.Checkpoints;
using Secateur.Models.Images;
using Secateur.Models.Vit;

namespace Secateur.Tests.Vit;

/// <summary>DeiT-Tiny on ImageNet photographs, from the files to the logits, against the reference framework.</summary>
public sealed class RealNetworkTests
{
    [SkippableFact]
    public void Photographs_give_the_reference_logits_and_accuracy()
    {
        string folder = RealData.Path("photographs");
        VisionTransformer network = VisionTransformer.Load(RealData.Path("deit_tiny_patch16_224"));
        using SafetensorsFile expected = SafetensorsFile.Open(RealData.Path("photographs-expected.safetensors"));
        float[] reference = expected.Read("dense/logits");
        var input = new float[network.ImageLength];
        ImagePreprocessing preprocessing = network.Config.Preprocessing with { ShortSide = 256 };
        int images = 0, top1 = 0, top5 = 0;
        double worst = 0;
        foreach (string line in File.ReadLines(Path.Combine(folder, "labels.csv")).Skip(1))
        {
            string[] fields = line.Split(',');
            int label = int.Parse(fields[1]);
            Preprocessor.Run(ImageFile.Load(Path.Combine(folder, fields[0])), preprocessing, input);
            float[] logits = network.Run(input, 1);
            for (int i = 0; i < logits.Length; i++)
                worst = Math.Max(worst, Math.Abs(logits[i] - reference[(images * logits.Length) + i]));
            int better = logits.Count(logit => logit > logits[label]);
            top1 += better == 0 ? 1 : 0;
            top5 += better < 5 ? 1 : 0;
            images++;
        }

        // Twelve blocks of float32 sums in another order than the reference's.
        Assert.True(worst < 2e-4, $"logits differ by up to {worst:g3}");
        Assert.Equal((100, 81, 95), (images, top1, top5));
    }
}
