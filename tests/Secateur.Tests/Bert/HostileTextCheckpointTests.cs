using System.Text;
using Secateur.Cli;
using Secateur.Models;
using Secateur.Models.Bert;
using Secateur.Models.Checkpoints;

namespace Secateur.Tests.Bert;

/// <summary>A damaged checkpoint is refused with one error that names what is wrong, or it runs.</summary>
public sealed class HostileTextCheckpointTests
{
    static readonly string[] Fragments =
    [
        "0", "-1", "9223372036854775807", "1e308", "null", "true", "{}", "[]", "\"\"", "\"F64\"", "\\u0000", "\\ud800", "[[[[", "}}}}", "\"shape\"", ",", "\"",
        "\"secateur\":{\"head_dim\":3},", "\"pad_token_id\":70000,", "\"model_type\":\"distilbert\",", "\"id2label\":[1],",
    ];

    public static TheoryData<string> Names
    {
        get
        {
            using var file = SafetensorsFile.Open(Fixtures.Path("text-networks/roberta-classifier/model.safetensors"));
            return [.. file.Tensors.Keys.Where(name => !name.Contains("layer.1.") && !name.Contains("layer.2."))];
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_misshapen_weight_is_named_with_both_shapes(string name)
    {
        using var folder = new TemporaryFolder();
        string message = Refusal(folder, info => info.Name == name ? [info.Shape[0] + 1, .. info.Shape.Skip(1)] : [.. info.Shape]);
        // Rows of tables and of the last product are free: what depends on them is named instead, or nothing does.
        if (name is "roberta.embeddings.word_embeddings.weight" or "roberta.embeddings.position_embeddings.weight" or "roberta.embeddings.token_type_embeddings.weight")
        {
            Assert.Equal("", message);
            return;
        }

        Assert.Contains("model.safetensors", message);
        Assert.Contains("expected", message);
        Assert.Matches(@"shape \[[0-9, ]+\]", message);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_missing_weight_is_named_unless_the_network_is_whole_without_it(string name)
    {
        using var folder = new TemporaryFolder();
        string message = Refusal(folder, info => info.Name == name ? null : [.. info.Shape]);
        // Biases of products are optional, and so are token types and what stands before the classifier.
        if ((name.EndsWith(".bias") && !name.Contains("LayerNorm")) || name.Contains("token_type") || name is "classifier.dense.weight" or "classifier.out_proj.weight")
            return;
        Assert.Contains("model.safetensors", message);
        Assert.Contains("'", message);
    }

    [Theory]
    [InlineData("config.json", "\"num_attention_heads\": 4", "\"num_attention_heads\": 5", "num_attention_heads")]
    [InlineData("config.json", "\"num_attention_heads\": 4", "\"num_attention_heads\": 0", "num_attention_heads")]
    [InlineData("config.json", "\"hidden_act\": \"gelu\"", "\"hidden_act\": \"relu\"", "hidden_act")]
    [InlineData("config.json", "\"model_type\": \"bert\"", "\"model_type\": \"electra\"", "model_type")]
    [InlineData("config.json", "\"model_type\": \"bert\"", "\"model_type\": \"distilbert\"", "model_type")]
    [InlineData("config.json", "\"model_type\": \"bert\"", "\"model_type\": \"bert\", \"position_embedding_type\": \"relative_key\"", "position_embedding_type")]
    [InlineData("config.json", "\"model_type\": \"bert\"", "\"model_type\": \"bert\", \"is_decoder\": true", "is_decoder")]
    [InlineData("config.json", "\"model_type\": \"bert\"", "\"model_type\": \"roberta\", \"pad_token_id\": 23", "pad_token_id")]
    [InlineData("config.json", "\"BertModel\"", "\"BertForMultipleChoice\"", "architectures")]
    [InlineData("config.json", "\"BertModel\"", "7", "architectures")]
    [InlineData("config.json", "\"model_type\": \"bert\"", "\"model_type\": \"bert\", \"note\": \"\\ud800\"", "valid text")]
    [InlineData("config.json", "\"layer_norm_eps\": 1e-12", "\"layer_norm_eps\": -1", "layer_norm_eps")]
    [InlineData("modules.json", "\"path\": \"1_Pooling\"", "\"path\": \"../1_Pooling\"", "modules.json")]
    [InlineData("modules.json", "models.Normalize", "models.Dense", "Dense")]
    [InlineData("modules.json", "[", "{", "JSON")]
    [InlineData("1_Pooling/config.json", "\"pooling_mode_max_tokens\": false", "\"pooling_mode_max_tokens\": true", "pooling_mode")]
    [InlineData("1_Pooling/config.json", "\"pooling_mode_mean_tokens\": true", "\"pooling_mode_mean_tokens\": false", "pooling_mode")]
    [InlineData("sentence_bert_config.json", "22", "0", "max_seq_length")]
    public void A_configuration_that_cannot_be_is_refused_by_its_key(string file, string old, string changed, string key)
    {
        using var folder = new TemporaryFolder();
        Copy("minilm-mean", folder);
        string text = File.ReadAllText(folder[file]);
        Assert.Contains(old, text);
        File.WriteAllText(folder[file], text.Replace(old, changed));
        string message = Assert.Throws<CheckpointException>(() => TextTransformer.Load(folder.Path)).Message;
        Assert.Contains(key, message);
        Assert.Contains(folder.Path, message);
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("modules.json")]
    [InlineData("1_Pooling/config.json")]
    [InlineData("model.safetensors")]
    public void Mutated_files_are_refused_or_load_and_are_saved(string file)
    {
        using var folder = new TemporaryFolder();
        Copy("minilm-mean", folder);
        byte[] whole = File.ReadAllBytes(folder[file]);
        int interesting = file == "model.safetensors" ? 8 + (int)BitConverter.ToInt64(whole) : whole.Length, refused = 0, rounds = Fuzz.Rounds(150);
        var random = new Random(20261121);
        for (int i = 0; i < rounds; i++)
        {
            File.WriteAllBytes(folder[file], Mutate(whole, interesting, random));
            try
            {
                TextTransformer.Load(folder.Path).Save(folder["saved"]);
                Assert.Equal(3, TextTransformer.Load(folder["saved"]).Depth);
            }
            catch (CheckpointException)
            {
                refused++;
            }

            if (Directory.Exists(folder["saved"]))
                Directory.Delete(folder["saved"], recursive: true);
        }

        Assert.InRange(refused, rounds / 10, rounds);
    }

    [Fact]
    public void The_wrong_kind_of_network_is_refused_in_one_sentence()
    {
        Assert.Contains("reads texts", Assert.Throws<BadInputException>(() => Network.Load(Fixtures.Path("tiny-bert"), 1)).Message);
        Assert.IsType<TextTransformer>(Network.LoadAny(Fixtures.Path("tiny-bert"), 1));
        Assert.Contains("no weights of an encoder of texts", Assert.Throws<CheckpointException>(() => TextTransformer.Load(Fixtures.Path("timm/deit3"))).Message);
    }

    static string Refusal(TemporaryFolder folder, Func<TensorInfo, int[]?> shape)
    {
        using var source = SafetensorsFile.Open(Fixtures.Path("text-networks/roberta-classifier/model.safetensors"));
        SafetensorsWriter.Write(
            folder["model.safetensors"],
            source.Tensors.Values.Select(info => (info.Name, Shape: shape(info))).Where(entry => entry.Shape is not null).Select(entry => OutputTensor.Floats(entry.Name, entry.Shape!, _ => { })));
        File.Copy(Fixtures.Path("text-networks/roberta-classifier/config.json"), folder["config.json"]);
        try
        {
            Transformer.Load(folder.Path);
            return "";
        }
        catch (CheckpointException exception)
        {
            return exception.Message;
        }
    }

    static void Copy(string family, TemporaryFolder folder)
    {
        string from = Fixtures.Path($"text-networks/{family}");
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string to = folder[Path.GetRelativePath(from, file)];
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
    }

    static byte[] Mutate(byte[] whole, int interesting, Random random)
    {
        List<byte> bytes = [.. whole];
        for (int changes = random.Next(1, 3); changes > 0 && bytes.Count > 0; changes--)
        {
            int place = random.Next(Math.Min(interesting, bytes.Count));
            if (random.Next(3) == 0)
                bytes[place] = (byte)random.Next(256);
            else if (random.Next(2) == 0)
                bytes.RemoveRange(place, Math.Min(random.Next(1, 20), bytes.Count - place));
            else
                bytes.InsertRange(place, Encoding.UTF8.GetBytes(Fragments[random.Next(Fragments.Length)]));
        }

        return [.. bytes];
    }
}
