using System.Text.Json;
using Secateur.Compression.Structured;
using Secateur.Models;
using Secateur.Models.Bert;
using Secateur.Models.Checkpoints;
using Secateur.Models.Text;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Bert;

/// <summary>What is saved is what was in memory.</summary>
public sealed class TextCheckpointTests
{
    public static TheoryData<string> Families => TextFamiliesTests.Families();

    [Theory]
    [MemberData(nameof(Families))]
    public void What_is_saved_opens_again_as_the_same_network_under_the_same_names(string family)
    {
        using var folder = new TemporaryFolder();
        TextTransformer network = TextNetworks.Load($"text-networks/{family}");
        network.Save(folder.Path);
        TextTransformer saved = TextTransformer.Load(folder.Path);
        Assert.Equal(network.Config with { Labels = [] }, saved.Config with { Labels = [] });
        Assert.Equal(network.Config.Labels.ToArray(), saved.Config.Labels.ToArray());
        Assert.Equal(WeightsHash.Of(network), WeightsHash.Of(saved));
        RunAlike(family, network, saved);
        using SafetensorsFile first = SafetensorsFile.Open(Fixtures.Path($"text-networks/{family}/model.safetensors")), second = SafetensorsFile.Open(folder["model.safetensors"]);
        // A network without a head is written without a prefix, old names are written as new ones, and what is not used is left out.
        IEnumerable<string> names = first.Tensors.Keys.Select(name => name.Replace("gamma", "weight").Replace("beta", "bias"))
            .Where(name => !name.EndsWith("position_ids") && !(family == "minilm-mean" && name.StartsWith("pooler.")))
            .Select(name => family == "bert-plain-old-names" ? name["bert.".Length..] : name);
        Assert.Equal(names.Order(StringComparer.Ordinal), second.Tensors.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Blocks_of_different_widths_or_without_heads_and_neurons_are_saved_as_they_are(string family)
    {
        using var folder = new TemporaryFolder();
        TextTransformer network = TextNetworks.Load($"text-networks/{family}");
        StructurePlan plan = StructurePlan.Whole(network);
        plan = plan with { Layers = [plan.Layers[0] with { Heads = [], Neurons = [] }, plan.Layers[1] with { Heads = [1, 3], Neurons = [0, 5, 40] }, plan.Layers[2]] };
        var pruned = (TextTransformer)Surgeon.Apply(network, plan);
        pruned.Save(folder.Path);
        TextTransformer saved = TextTransformer.Load(folder.Path);
        Assert.Equal([(0, 0), (2, 3), (4, 48)], saved.Blocks.Select(block => (block.Heads, block.Neurons)));
        RunAlike(family, pruned, saved);
        // Saved once more, the number of heads that the network began with is still known.
        saved.Save(folder["again"]);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(folder["again/config.json"]));
        Assert.Equal(4, json.RootElement.GetProperty(family.StartsWith("distilbert") ? "n_heads" : "num_attention_heads").GetInt32());
        Assert.Equal(8, json.RootElement.GetProperty("secateur").GetProperty("head_dim").GetInt32());
        Assert.Equal(48, json.RootElement.GetProperty(family.StartsWith("distilbert") ? "hidden_dim" : "intermediate_size").GetInt32());
        JsonElement heads = json.RootElement.GetProperty("pruned_heads");
        Assert.Equal([0, 1, 2, 3], heads.GetProperty("0").EnumerateArray().Select(head => head.GetInt32()));
        Assert.Equal([2, 3], heads.GetProperty("1").EnumerateArray().Select(head => head.GetInt32()));
        Assert.False(heads.TryGetProperty("2", out _));
    }

    [Fact]
    public void Equal_numbers_of_neurons_are_written_where_other_tools_read_them()
    {
        using var folder = new TemporaryFolder();
        TextTransformer network = TextNetworks.Load("text-networks/bert-regression");
        StructurePlan plan = StructurePlan.Whole(network);
        Surgeon.Apply(network, plan with { Layers = [.. plan.Layers.Select(layer => layer with { Neurons = [1, 2, 3] })] }).Save(folder.Path);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(folder["config.json"]));
        Assert.Equal(3, json.RootElement.GetProperty("intermediate_size").GetInt32());
        Assert.False(json.RootElement.TryGetProperty("pruned_heads", out _));
        Assert.Equal("gelu_new", json.RootElement.GetProperty("hidden_act").GetString());
        Assert.Equal(0.1, json.RootElement.GetProperty("hidden_dropout_prob").GetDouble());
    }

    [Fact]
    public void Tokenizer_and_pooling_go_with_the_weights()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in Directory.GetFiles(Fixtures.Path("text-networks/minilm-mean"), "*", SearchOption.AllDirectories))
        {
            string to = folder[Path.Combine("from", Path.GetRelativePath(Fixtures.Path("text-networks/minilm-mean"), file))];
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        File.WriteAllText(folder["from/vocab.txt"], "[PAD]\nword\n");
        File.WriteAllText(folder["from/secrets.txt"], "stays");
        Transformer network = Transformer.Load(folder["from"]);
        // A pruned network remembers where it came from.
        Surgeon.Apply(network, StructurePlan.Whole(network)).Save(folder["to"]);
        Assert.Equal("[PAD]\nword\n", File.ReadAllText(folder["to/vocab.txt"]));
        Assert.True(File.Exists(folder["to/1_Pooling/config.json"]) && File.Exists(folder["to/modules.json"]) && File.Exists(folder["to/sentence_bert_config.json"]));
        Assert.False(File.Exists(folder["to/secrets.txt"]));
        // Onto itself: nothing is lost.
        network.Save(folder["from"]);
        Assert.Equal("[PAD]\nword\n", File.ReadAllText(folder["from/vocab.txt"]));
    }

    [Fact]
    public void A_network_that_came_from_no_folder_is_saved_with_a_configuration_of_its_own()
    {
        using var folder = new TemporaryFolder();
        foreach (string family in new[] { "roberta-classifier", "distilbert-classifier", "bert-tokens", "bert-regression" })
        {
            using TextCheckpoint checkpoint = TextCheckpoint.Open(Fixtures.Path($"text-networks/{family}"));
            var network = new TextTransformer(checkpoint.Config, checkpoint.Weights);
            network.Save(folder[family]);
            TextTransformer saved = TextTransformer.Load(folder[family]);
            Assert.Equal(network.Config with { Labels = [] }, saved.Config with { Labels = [] });
            RunAlike(family, network, saved);
        }
    }

    [Fact]
    public void Shards_and_prefixes_of_wrappers_are_one_checkpoint()
    {
        using var folder = new TemporaryFolder();
        using SafetensorsFile source = SafetensorsFile.Open(Fixtures.Path("text-networks/roberta-classifier/model.safetensors"));
        OutputTensor[] tensors = [.. source.Tensors.Values.Select(info => OutputTensor.Of($"module.{info.Name}", info.Shape, source.Read(info.Name)))];
        SafetensorsWriter.Write(folder["a.safetensors"], tensors[..20]);
        SafetensorsWriter.Write(folder["b.safetensors"], tensors[20..]);
        string map = string.Join(",", tensors.Select((tensor, i) => $"\"{tensor.Info.Name}\":\"{(i < 20 ? "a" : "b")}.safetensors\""));
        File.WriteAllText(folder["model.safetensors.index.json"], $"{{\"weight_map\":{{{map}}}}}");
        File.Copy(Fixtures.Path("text-networks/roberta-classifier/config.json"), folder["config.json"]);
        RunAlike("roberta-classifier", TextNetworks.Load("text-networks/roberta-classifier"), Assert.IsType<TextTransformer>(Transformer.Load(folder.Path)));
    }

    [Fact]
    public void What_pre_training_leaves_behind_is_passed_over()
    {
        using var folder = new TemporaryFolder();
        using SafetensorsFile source = SafetensorsFile.Open(Fixtures.Path("text-networks/bert-plain-old-names/model.safetensors"));
        SafetensorsWriter.Write(
            folder["model.safetensors"],
            [
                .. source.Tensors.Values.Where(info => info.Type == TensorType.F32).Select(info => OutputTensor.Of(info.Name, info.Shape, source.Read(info.Name))),
                OutputTensor.Of("cls.predictions.bias", [60], new float[60]),
                OutputTensor.Of("cls.seq_relationship.weight", [2, 32], new float[64]),
            ]);
        File.Copy(Fixtures.Path("text-networks/bert-plain-old-names/config.json"), folder["config.json"]);
        RunAlike("bert-plain-old-names", TextNetworks.Load("text-networks/bert-plain-old-names"), TextTransformer.Load(folder.Path));
    }

    [Fact]
    public void Half_precision_weights_give_nearly_the_same_logits()
    {
        using var folder = new TemporaryFolder();
        TextTransformer network = TextNetworks.Load("text-networks/roberta-classifier");
        using SafetensorsFile expected = TextNetworks.Expected("text-networks/roberta-classifier");
        network.Save(folder.Path, TensorType.F16);
        // Weights of 11 significant bits, in three blocks whose random weights are larger than trained ones.
        Assert.InRange(TinyNetworks.Difference(expected.Read("logits"), TextTransformer.Load(folder.Path).Run(TextBatch.Of(TextNetworks.Texts(expected)))), 1e-6, 2e-2);
    }

    static void RunAlike(string family, TextTransformer first, TextTransformer second)
    {
        using SafetensorsFile expected = TextNetworks.Expected($"text-networks/{family}");
        var batch = TextBatch.Of(TextNetworks.Texts(expected));
        Assert.Equal(first.Run(batch), second.Run(batch));
    }
}
