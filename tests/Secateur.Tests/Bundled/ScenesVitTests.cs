using Secateur.Cli;
using Secateur.Compression.Tokens;
using Secateur.Evaluation;
using Secateur.Evaluation.Datasets;
using Secateur.Models.Checkpoints;
using Secateur.Models.Images;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Tests.Bundled;

/// <summary>The network that travels with the tool, and the scenes it was trained on.</summary>
public sealed class ScenesVitTests
{
    const int Images = 16;

    [Fact]
    public void The_network_gives_the_logits_of_its_training_framework()
    {
        VisionTransformer network = Load();
        using SafetensorsFile expected = SafetensorsFile.Open(Fixtures.Path("bundled/expected.safetensors"));
        var logits = new float[Images * network.Classes];
        expected.Read("logits", logits);

        // 2e-4: both sides compute in float32 but add in different orders; over 12 blocks the rounding of sums of a few hundred terms
        // grows to a few 1e-5 of the logits' size (about 10).
        float[] answers = network.Run(Scenes(network), Images);
        for (int i = 0; i < answers.Length; i++)
            Assert.Equal(logits[i], answers[i], 2e-4f);
    }

    [Fact]
    public void A_scene_is_the_same_picture_as_in_training_whatever_machine_draws_it()
    {
        var set = new SceneSet(SceneGenerator.FirstHeldOutSeed, Images, Load().Config.Preprocessing);
        using SafetensorsFile expected = SafetensorsFile.Open(Fixtures.Path("bundled/expected.safetensors"));
        TensorInfo info = expected.Tensors["pixels"];
        var pixels = new long[info.Length];
        expected.ReadInt64("pixels", pixels);
        (int height, int width) = (info.Shape[2], info.Shape[3]);
        int place = 0;
        for (int i = 0; i < Images; i++)
        {
            RgbImage picture = set.Draw(i).Picture;
            for (int c = 0; c < 3; c++)
                for (int y = 0; y < height; y++)
                    for (int x = 0; x < width; x++)
                        Assert.Equal(pixels[place++], picture.Row(y)[(x * 3) + c]);
        }
    }

    [Fact]
    public void The_default_plan_keeps_19_of_20_answers_and_the_network_is_right_as_often()
    {
        VisionTransformer network = Load();
        var scenes = new SceneSet(SceneGenerator.FirstHeldOutSeed, 400, network.Config.Preprocessing);
        Agreement agreement = Agreement.Measure(network, TokenPlan.Dense, TokenPlans.Named("zero-tprune", network.Depth, network.PatchTokens), scenes);
        Assert.InRange(agreement.FirstRight.Part, 0.95, 1);
        Assert.InRange(agreement.SecondRight.Part, 0.95, 1);
        Assert.InRange(agreement.Same.Part, 0.95, 1);
    }

    [Fact]
    public void Every_class_has_a_name_in_the_checkpoint() =>
        Assert.Equal(SceneGenerator.Classes, Load().Config.Labels);

    static VisionTransformer Load() => VisionTransformer.Load(Network.Locate("scenes-vit"));

    static float[] Scenes(VisionTransformer network)
    {
        var set = new SceneSet(SceneGenerator.FirstHeldOutSeed, Images, network.Config.Preprocessing);
        var input = new float[Images * set.InputLength];
        for (int i = 0; i < Images; i++)
            set.Draw(i, input.AsSpan(i * set.InputLength, set.InputLength));
        return input;
    }
}
