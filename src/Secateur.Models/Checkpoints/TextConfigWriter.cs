using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Secateur.Kernels;
using Secateur.Models.Bert;

namespace Secateur.Models.Checkpoints;

/// <summary>Writes the config.json of an encoder of texts: what the original said, changed where the network was, and under "secateur" what Hugging Face's
/// keys cannot say. Hugging Face builds the same network from it as long as all blocks have as many neurons.</summary>
internal static class TextConfigWriter
{
    /// <summary>Writes it.</summary>
    public static void Write(Stream stream, TextTransformer network)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        TextConfig config = network.Config;
        ConfigFile? original = network.Files.Config;
        bool distil = config.Family == TextFamily.DistilBert;
        ImmutableArray<BlockShape> blocks = network.Blocks;
        string heads = distil ? "n_heads" : "num_attention_heads", neurons = distil ? "hidden_dim" : "intermediate_size";
        int all = original?.Whole(heads, 1, 1 << 16) ?? Math.Max(network.Width / config.HeadDim, blocks.Max(block => block.Heads));
        var changed = new Dictionary<string, Action>
        {
            ["architectures"] = () => WriteArchitectures(json, original, config),
            ["pruned_heads"] = () => WritePrunedHeads(json, blocks, all),
            ["secateur"] = () => WriteOurs(json, config),
        };
        if (blocks.All(block => block.Neurons == blocks[0].Neurons) && blocks[0].Neurons > 0)
            changed[neurons] = () => json.WriteNumber(neurons, blocks[0].Neurons);

        json.WriteStartObject();
        foreach (string key in original?.Keys.Where(key => !changed.ContainsKey(key)) ?? [])
            original!.WriteTo(json, key);
        foreach ((string key, Action write) in changed)
            write();
        foreach ((string key, Action write) in Essentials(json, network, all))
            if (original?.Keys.Contains(key) != true && !changed.ContainsKey(key))
                write();
        json.WriteEndObject();
    }

    /// <summary>What Hugging Face needs and an original without such a key does not say.</summary>
    static IEnumerable<(string Key, Action Write)> Essentials(Utf8JsonWriter json, TextTransformer network, int heads)
    {
        TextConfig config = network.Config;
        bool distil = config.Family == TextFamily.DistilBert, roberta = config.Family == TextFamily.Roberta;
        yield return Text("model_type", distil ? "distilbert" : roberta ? "roberta" : "bert");
        yield return Number("vocab_size", network.Vocabulary);
        yield return Number(distil ? "dim" : "hidden_size", network.Width);
        yield return Number(distil ? "n_layers" : "num_hidden_layers", network.Depth);
        yield return Number(distil ? "n_heads" : "num_attention_heads", heads);
        yield return Number("max_position_embeddings", network.Positions + config.FirstPosition);
        yield return Text(distil ? "activation" : "hidden_act", config.Activation switch
        {
            Activation.GeluTanh => "gelu_new",
            Activation.GeluQuick => "quick_gelu",
            Activation.Silu => "silu",
            _ => "gelu",
        });
        if (!distil)
        {
            yield return Number("type_vocab_size", network.Types);
            yield return ("layer_norm_eps", () => json.WriteNumber("layer_norm_eps", config.Epsilon));
        }

        if (roberta)
            yield return Number("pad_token_id", config.FirstPosition - 1);
        if (config.Task == TextTask.Regression)
            yield return Text("problem_type", "regression");
        if (config.Task != TextTask.Embedding)
            yield return config.Labels.IsDefaultOrEmpty ? Number("num_labels", network.Classes) : ("id2label", () => WriteLabels(json, config));

        (string, Action) Number(string key, int value) => (key, () => json.WriteNumber(key, value));
        (string, Action) Text(string key, string value) => (key, () => json.WriteString(key, value));
    }

    static void WriteArchitectures(Utf8JsonWriter json, ConfigFile? original, TextConfig config)
    {
        string family = original?.Text("model_type") switch
        {
            "xlm-roberta" => "XLMRoberta",
            "camembert" => "Camembert",
            _ => config.Family switch { TextFamily.Roberta => "Roberta", TextFamily.DistilBert => "DistilBert", _ => "Bert" },
        };
        json.WriteStartArray("architectures");
        json.WriteStringValue(family + config.Task switch
        {
            TextTask.Embedding => "Model",
            TextTask.TokenClassification => "ForTokenClassification",
            _ => "ForSequenceClassification",
        });
        json.WriteEndArray();
    }

    /// <summary>How many heads Hugging Face is to leave out of each block before it reads the weights. Which of the original ones they were is not known
    /// any more: the last numbers stand for them.</summary>
    static void WritePrunedHeads(Utf8JsonWriter json, ImmutableArray<BlockShape> blocks, int all)
    {
        if (blocks.All(block => block.Heads >= all))
            return;
        json.WriteStartObject("pruned_heads");
        for (int i = 0; i < blocks.Length; i++)
        {
            if (blocks[i].Heads >= all)
                continue;
            json.WriteStartArray(i.ToString(CultureInfo.InvariantCulture));
            for (int head = blocks[i].Heads; head < all; head++)
                json.WriteNumberValue(head);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    static void WriteOurs(Utf8JsonWriter json, TextConfig config)
    {
        json.WriteStartObject("secateur");
        json.WriteString("architecture", config.Architecture);
        json.WriteNumber("head_dim", config.HeadDim);
        json.WriteEndObject();
    }

    static void WriteLabels(Utf8JsonWriter json, TextConfig config)
    {
        json.WriteStartObject("id2label");
        for (int i = 0; i < config.Labels.Length; i++)
            json.WriteString(i.ToString(CultureInfo.InvariantCulture), config.Labels[i]);
        json.WriteEndObject();
    }
}
