using System.Text.Json;
using Secateur.Cli;
using Secateur.Evaluation.Datasets;
using Secateur.Models.Checkpoints;
using Secateur.Models.Images;
using Secateur.Models.Vit;

namespace Secateur.Tests.Cli;

public sealed class ClassifyCommandTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly int[] labels = new int[3];

    public ClassifyCommandTests()
    {
        for (int i = 0; i < labels.Length; i++)
        {
            var picture = new RgbImage(112, 112);
            labels[i] = SceneGenerator.Draw(SceneGenerator.FirstHeldOutSeed + (ulong)i, 112, picture.Pixels);
            PngWriter.Save(picture, folder[$"scene{i}.png"]);
        }
    }

    [Fact]
    public void Json_is_one_object_for_each_picture_in_order()
    {
        Captured run = Classify("--json", "--top", "2", folder["scene1.png"], folder["scene0.png"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        string[] lines = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        using JsonDocument first = JsonDocument.Parse(lines[0]);
        JsonElement answer = first.RootElement;
        Assert.Equal(folder["scene1.png"], answer.GetProperty("file").GetString());
        Assert.Equal(2, answer.GetProperty("top").GetArrayLength());
        JsonElement best = answer.GetProperty("top")[0];
        Assert.Equal(SceneGenerator.Classes[best.GetProperty("index").GetInt32()], best.GetProperty("label").GetString());
        Assert.InRange(best.GetProperty("probability").GetDouble(), answer.GetProperty("top")[1].GetProperty("probability").GetDouble(), 1);
        Assert.True(answer.GetProperty("milliseconds").GetDouble() > 0);
        Assert.Equal(197, answer.GetProperty("tokens").GetInt32());

        // Width 96, 12 blocks, 197 tokens; patches of 8 x 8 x 3; 12 classes.
        const long macs = (12L * ((12 * 197 * 96 * 96) + (2 * 197 * 197 * 96))) + (196 * 192 * 96) + (12 * 96);
        Assert.Equal(macs, answer.GetProperty("macs").GetInt64());
    }

    [Fact]
    public void A_plan_leaves_fewer_tokens_and_costs_less()
    {
        using JsonDocument dense = JsonDocument.Parse(Classify("--json", folder["scene0.png"]).Out);
        using JsonDocument pruned = JsonDocument.Parse(Classify("--json", "--plan", "zero-tprune", folder["scene0.png"]).Out);
        Assert.True(pruned.RootElement.GetProperty("macs").GetInt64() < dense.RootElement.GetProperty("macs").GetInt64());
        Assert.True(pruned.RootElement.GetProperty("tokens").GetInt32() < 100);
    }

    [Fact]
    public void A_folder_stands_for_its_pictures_sorted()
    {
        Captured run = Classify("--top", "1", folder.Path);
        Assert.Equal([.. Enumerable.Range(0, 3).Select(i => folder[$"scene{i}.png"])], run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[0]));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public void Logits_are_kept_in_order_and_do_not_depend_on_the_batch(string batch)
    {
        Captured run = Classify("--logits", folder["logits.safetensors"], "--batch", batch, folder.Path);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        using SafetensorsFile file = SafetensorsFile.Open(folder["logits.safetensors"]);
        Assert.Equal([3, 12], file.Tensors["logits"].Shape.AsEnumerable());
        var kept = new float[36];
        file.Read("logits", kept);
        VisionTransformer network = VisionTransformer.Load(Network.Locate("scenes-vit"));
        var set = new SceneSet(SceneGenerator.FirstHeldOutSeed, 3, network.Config.Preprocessing);
        var input = new float[set.InputLength];
        for (int i = 0; i < 3; i++)
        {
            set.Draw(i, input);
            Assert.Equal(network.Run(input, 1), kept.AsSpan(i * 12, 12).ToArray());
        }
    }

    [Fact]
    public void A_broken_picture_is_reported_the_others_are_answered_and_the_exit_code_says_so()
    {
        File.WriteAllBytes(folder["scene1.png"], File.ReadAllBytes(folder["scene1.png"])[..200]);
        Captured run = Classify("--top", "1", folder["scene0.png"], folder["scene1.png"], folder["missing.jpg"], folder["scene2.png"]);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Equal(2, run.Out.Count(c => c == '\n'));
        Assert.Contains($"skipped: {folder["scene1.png"]}", run.Error);
        Assert.Contains($"skipped: {folder["missing.jpg"]}", run.Error);
    }

    [Fact]
    public void Labels_come_from_a_file_when_one_is_given()
    {
        File.WriteAllLines(folder["labels.txt"], Enumerable.Range(0, 12).Select(i => $"name {i}"));
        Captured run = Classify("--classes", folder["labels.txt"], "--top", "12", folder["scene0.png"]);
        Assert.All(run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')), cells => Assert.Equal($"name {cells[2]}", cells[3]));

        File.AppendAllText(folder["labels.txt"], "one too many\n");
        Captured wrong = Classify("--classes", folder["labels.txt"], folder["scene0.png"]);
        Assert.Equal(ExitCode.BadInput, wrong.ExitCode);
        Assert.Contains("13 lines", wrong.Error);
        Assert.Contains("12 classes", wrong.Error);
    }

    [Theory]
    [InlineData("--top", "0")]
    [InlineData("--crop-pct", "1.5")]
    [InlineData("--crop-mode", "sideways")]
    [InlineData("--interpolation", "guess")]
    [InlineData("--batch", "many")]
    public void An_option_out_of_range_is_wrong_usage(string option, string value)
    {
        Captured run = Classify(option, value, folder["scene0.png"]);
        Assert.Equal(ExitCode.WrongUsage, run.ExitCode);
        Assert.Contains(value, run.Error);
    }

    [Theory]
    [InlineData("--model", "nowhere")]
    [InlineData("--plan", "nothing-like-this")]
    public void What_is_not_there_is_bad_input_and_the_message_says_what_there_is(string option, string value)
    {
        string[] model = option == "--model" ? [] : ["--model", "scenes-vit"];
        Captured run = Captured.Run(["classify", .. model, option, value, folder["scene0.png"]]);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains(value, run.Error);
        Assert.Contains(option == "--model" ? "scenes-vit" : "zero-tprune", run.Error);
    }

    [Fact]
    public void A_person_sees_bars_and_no_colour_codes_unless_the_terminal_takes_them()
    {
        Assert.DoesNotContain("\e[", ForPerson(colours: false));
        Assert.Contains("\e[", ForPerson(colours: true));
        Assert.Contains("█", ForPerson(colours: false));
    }

    [Fact]
    public void Stopping_is_exit_code_4()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        using StringWriter output = new(), error = new();
        Assert.Equal(ExitCode.Cancelled, Tool.Run(["classify", "--model", "scenes-vit", folder["scene0.png"]], new(output, error), stop.Token));
        Assert.Empty(output.ToString());
    }

    [SkippableFact]
    public void Photographs_through_the_command_give_the_reference_logits()
    {
        string photographs = RealData.Path("photographs");
        string[] first = [.. File.ReadLines(Path.Combine(photographs, "labels.csv")).Skip(1).Take(6).Select(line => Path.Combine(photographs, line.Split(',')[0]))];
        Captured run = Captured.Run(["classify", "--model", RealData.Path("deit_tiny_patch16_224"), "--resize", "256", "--logits", folder["logits.safetensors"], .. first]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        using SafetensorsFile expected = SafetensorsFile.Open(RealData.Path("photographs-expected.safetensors")), kept = SafetensorsFile.Open(folder["logits.safetensors"]);
        string dense = expected.Tensors.Keys.First(name => name.StartsWith("dense", StringComparison.Ordinal));
        float[] reference = new float[expected.Tensors[dense].Length], logits = new float[first.Length * 1000];
        expected.Read(dense, reference);
        kept.Read("logits", logits);

        // 2e-4: float32 on both sides, sums in different orders, over 12 blocks.
        for (int i = 0; i < logits.Length; i++)
            Assert.Equal(reference[i], logits[i], 2e-4f);
    }

    public void Dispose() => folder.Dispose();

    static Captured Classify(params string[] arguments) => Captured.Run(["classify", "--model", "scenes-vit", .. arguments]);

    string ForPerson(bool colours)
    {
        using StringWriter output = new(), error = new();
        Tool.Run(["classify", "--model", "scenes-vit", folder["scene0.png"]], new(output, error) { OutIsPerson = true, Colours = colours });
        return output.ToString();
    }
}
