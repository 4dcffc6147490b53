using System.Text.Json;
using Secateur.Cli;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Transfer;
using Secateur.Models.Images;
using Secateur.Models.Vit;
using Secateur.Tests.Cli;

namespace Secateur.Tests.Transfer;

public sealed class TransferCommandTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_classifier_of_two_new_classes_answers_as_the_features_say_and_loads_again()
    {
        Draw("data", 8);
        Captured run = Captured.Run("transfer", "scenes-vit", "--data", folder["data"], "--head", "ridge", "--plan", "tome-r8", "--json", "-o", folder["out"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        using JsonDocument answer = JsonDocument.Parse(run.Out);
        Assert.Equal(["round", "star"], answer.RootElement.GetProperty("classes").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal((13, 3), (answer.RootElement.GetProperty("trainingPictures").GetInt32(), answer.RootElement.GetProperty("testPictures").GetInt32()));
        Assert.Contains("fewer pictures to learn from", run.Error, StringComparison.Ordinal);
        VisionTransformer network = VisionTransformer.Load(folder["out"]);
        Assert.Equal("round star", string.Join(" ", network.Config.Labels));
        Assert.Equal(2, network.Classes);
        Captured eval = Captured.Run("eval", folder["out"], "--plan", folder["out/token-plan.json"], "--data", folder["data"], "--json");
        Assert.Equal(ExitCode.Done, eval.ExitCode);
    }

    [Fact]
    public void The_new_network_s_logits_are_the_classifier_s_of_what_it_sees()
    {
        VisionTransformer network = VisionTransformer.Load(Fixtures.Path("timm/deit-distilled")), headless = HeadWeights.Without(network);
        var random = new Random(2);
        float[] image = [.. Enumerable.Range(0, network.ImageLength).Select(_ => random.NextSingle())];
        float[] features = headless.Run(image, 1);
        Assert.Equal(network.Width, features.Length);
        var head = new LinearHead([.. Enumerable.Range(0, 3).Select(_ => features.Select(_ => random.NextSingle() - 0.5f).ToArray())], [1, 2, 3]);
        HeadWeights.With(network, head, ["a", "b", "c"]).Save(folder["saved"]);
        float[] logits = VisionTransformer.Load(folder["saved"]).Run(image, 1);

        // 1e-5: sums of float32 products in another order.
        Assert.All(logits.Select((logit, c) => (logit, c)), one => Assert.Equal(head.Bias[one.c] + head.Weights[one.c].Zip(features, (w, x) => (double)w * x).Sum(), one.logit, 1e-5 * features.Length));
    }

    [Fact]
    public void Pictures_that_cannot_be_learned_from_are_one_clear_error()
    {
        Draw("data", 3);
        Directory.CreateDirectory(folder["one"]);
        Directory.Move(folder["data/star"], folder["one/star"]);
        Captured one = Captured.Run("transfer", "scenes-vit", "--data", folder["one"], "-o", folder["out"]);
        Assert.Equal(ExitCode.BadInput, one.ExitCode);
        Assert.Contains("one class alone", one.Error, StringComparison.Ordinal);
        Captured flat = Captured.Run("transfer", "scenes-vit", "--data", folder["one/star"], "-o", folder["out"]);
        Assert.Equal(ExitCode.BadInput, flat.ExitCode);
        Assert.Contains("a folder for each class", flat.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, Captured.Run("transfer", "scenes-vit", "--data", folder["none"], "-o", folder["out"]).ExitCode);
        Assert.False(Directory.Exists(folder["out"]));
    }

    void Draw(string where, int count)
    {
        int[] left = [count, count];
        for (ulong seed = 1; left.Sum() > 0; seed++)
        {
            string name = SceneGenerator.Classes[SceneGenerator.LabelOf(seed)];
            int kind = name == "disc" ? 0 : name == "star" ? 1 : -1;
            if (kind < 0 || left[kind] == 0)
                continue;
            left[kind]--;
            Directory.CreateDirectory(folder[$"{where}/{(kind == 0 ? "round" : "star")}"]);
            var picture = new RgbImage(112, 112);
            SceneGenerator.Draw(seed, 112, picture.Pixels);
            PngWriter.Save(picture, folder[$"{where}/{(kind == 0 ? "round" : "star")}/{seed}.png"]);
        }
    }
}
