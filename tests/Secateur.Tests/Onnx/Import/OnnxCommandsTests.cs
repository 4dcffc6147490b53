using Secateur.Cli;
using Secateur.Models.Bert;
using Secateur.Models.Checkpoints;
using Secateur.Models.Vit;
using Secateur.Onnx.Export;
using Secateur.Onnx.Import;
using Secateur.Tests.Cli;

namespace Secateur.Tests.Onnx.Import;

/// <summary>Where the tool takes a network, it takes an ONNX file.</summary>
public sealed class OnnxCommandsTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    [Fact]
    public void Classify_eval_and_bench_take_an_onnx_file()
    {
        OnnxExport.Vision(Network.Load("scenes-vit", 1)).Save(folder["scenes.onnx"]);
        Captured named = Captured.Run("eval", "scenes-vit", "--data", "scenes:16", "--threads", "1", "--json"), file = Captured.Run("eval", folder["scenes.onnx"], "--data", "scenes:16", "--threads", "1", "--json");
        Assert.True(file.ExitCode == ExitCode.Done, file.Error);
        Assert.Equal(Top1(named), Top1(file));
        Assert.Equal(ExitCode.Done, Captured.Run("classify", "--model", folder["scenes.onnx"], Fixtures.Path("images/rgb.png")).ExitCode);

        static string Top1(Captured run) => run.Out[run.Out.IndexOf("\"top1\"", StringComparison.Ordinal)..][..60];
    }

    [Fact]
    public void An_onnx_file_is_pruned_into_another()
    {
        VisionTransformer dense = Network.Load("scenes-vit", 1);
        OnnxExport.Vision(dense).Save(folder["scenes.onnx"]);
        Captured run = Prune(folder["scenes.onnx"], "-o", folder["pruned.onnx"]);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        var pruned = (VisionTransformer)OnnxImport.Load(folder["pruned.onnx"]);
        Assert.True(pruned.Blocks.Sum(block => block.Heads + block.Neurons) < dense.Blocks.Sum(block => block.Heads + block.Neurons));
        Assert.Equal(["pruned.README.md", "pruned.onnx", "pruned.structure.json", "scenes.onnx"], Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Contains("pruned.structure.json", File.ReadAllText(folder["pruned.README.md"]));

        // The same plan gives the same weights, whatever is written.
        Captured again = Captured.Run("prune", folder["scenes.onnx"], "--plan", folder["pruned.structure.json"], "--no-latency", "-o", folder["checkpoint"]);
        Assert.True(again.ExitCode == ExitCode.Done, again.Error);
        VisionTransformer checkpoint = VisionTransformer.Load(folder["checkpoint"]);
        Assert.Equal(checkpoint.ReadWeight("blocks.1.mlp.fc1.weight"), pruned.ReadWeight("blocks.1.mlp.fc1.weight"));
        Assert.Equal([.. dense.Config.Labels], (string[])[.. checkpoint.Config.Labels]);
    }

    [Fact]
    public void What_an_onnx_file_cannot_hold_or_would_lose_is_refused()
    {
        OnnxExport.Vision(Network.Load("scenes-vit", 1)).Save(folder["scenes.onnx"]);
        foreach ((string[] options, string word) in new (string[], string)[] { (["-o", folder["scenes.onnx"]], "would replace it"), (["-o", folder["x.onnx"], "--dtype", "f16"], "float32") })
        {
            Captured run = Prune([folder["scenes.onnx"], .. options]);
            Assert.Equal(ExitCode.WrongUsage, run.ExitCode);
            Assert.Contains(word, run.Error);
        }

        File.WriteAllText(folder["broken.onnx"], "nothing of the kind");
        Captured broken = Captured.Run("eval", folder["broken.onnx"], "--data", "scenes:2");
        Assert.Equal(ExitCode.BadInput, broken.ExitCode);
        Assert.Contains("broken.onnx", broken.Error);
    }

    [Fact]
    public void The_files_beside_an_onnx_file_say_what_its_graph_does_not()
    {
        TextTransformer network = TextTransformer.Load(Fixtures.Path("tiny-bert"));
        Secateur.Onnx.Export.OnnxModel model = OnnxExport.Text(network);
        model.Proto.MetadataProps.Clear();
        Directory.CreateDirectory(folder["onnx"]);
        model.Save(folder["onnx/model.onnx"]);
        File.WriteAllText(folder["config.json"], """{"model_type": "bert", "architectures": ["BertForSequenceClassification"], "id2label": {"0": "bad", "1": "good", "2": "neither"}}""");
        File.WriteAllText(folder["vocab.txt"], "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nb\n");
        var back = (TextTransformer)OnnxImport.Load(folder["onnx/model.onnx"]);
        Assert.Equal(["bad", "good", "neither"], (string[])[.. back.Config.Labels]);
        Assert.Equal("BertForSequenceClassification", back.Architecture);
        back.Save(folder["saved"]);
        Assert.True(File.Exists(folder["saved/vocab.txt"]));
        Assert.Equal(WeightsHash.Of(network), WeightsHash.Of(TextTransformer.Load(folder["saved"])));
        Assert.True(Network.ReadsTexts(folder["onnx/model.onnx"]));
        Assert.Equal(6, Network.TokenizerOf(folder["onnx/model.onnx"]).Size);
    }

    static Captured Prune(params string[] options) =>
        Captured.Run(["prune", options[0], "--macs", "0.6x", "--calibrate", "scenes:4", "--scorer", "random", "--no-latency", "--threads", "1", .. options[1..]]);

    public void Dispose() => folder.Dispose();
}
