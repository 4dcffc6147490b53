using Secateur.Models.Bert;

namespace Secateur.Models.Checkpoints.Layouts;

/// <summary>What Hugging Face's config.json says about an encoder of texts, and our own additions to it (<c>secateur</c>).</summary>
internal static class TextConfigFile
{
    const int Most = 1 << 16;

    /// <summary>Reads what the weights cannot say.</summary>
    /// <param name="config">config.json, or null.</param>
    /// <param name="pipeline">What sentence-transformers' files say.</param>
    /// <param name="hint">The name of the file or folder.</param>
    /// <param name="layout">Whose names the weights have.</param>
    /// <param name="root">What stood before these.</param>
    /// <param name="weights">The weights under our names.</param>
    /// <exception cref="CheckpointException">It says something that cannot be, or that cannot run here.</exception>
    public static TextConfig Read(ConfigFile? config, SentencePipeline pipeline, string hint, TextLayout layout, string root, ITensorSource weights)
    {
        Refuse(config);
        TextFamily family = Family(config, layout, root, weights);
        bool distil = family == TextFamily.DistilBert;
        string architecture = config?.Object("secateur")?.Text("architecture") ?? config?.First("architectures") ?? hint;
        TextTask task = Task(config, architecture, weights);
        int first = family == TextFamily.Roberta ? (config?.Whole("pad_token_id", 0, Most) ?? 1) + 1 : 0;
        int positions = Shape(weights, "pos_embed.weight").Rows - first;
        if (positions < 1)
            throw new CheckpointException($"{weights.Path}: there are {positions + first} positions, and texts begin at position {first}; check pad_token_id in config.json.");
        return new()
        {
            Architecture = architecture,
            Family = family,
            Task = task,
            Pooling = task == TextTask.Embedding
                ? pipeline.Pooling ?? (weights.Tensors.ContainsKey("pooler.weight") ? TextPooling.Pooler : TextPooling.Mean)
                : family == TextFamily.Bert && task != TextTask.TokenClassification ? TextPooling.Pooler : TextPooling.FirstToken,
            Normalise = task == TextTask.Embedding && pipeline.Normalise,
            HeadDim = HeadDim(config, distil ? "n_heads" : "num_attention_heads", weights),
            Epsilon = (float?)config?.Number("layer_norm_eps", 0, 1) ?? (family == TextFamily.Roberta && config is null ? 1e-5f : 1e-12f),
            Activation = distil
                ? HuggingFaceConfig.Activation(config, config?.Text("activation") ?? "gelu", "activation")
                : HuggingFaceConfig.Activation(config, config?.Text("hidden_act") ?? "gelu"),
            FirstPosition = first,
            LongestText = Math.Min(positions, pipeline.LongestText ?? positions),
            Labels = task == TextTask.Embedding ? [] : [.. config?.Names("id2label", Shape(weights, "head.weight").Rows) ?? []],
        };
    }

    static void Refuse(ConfigFile? config)
    {
        if (config?.Text("position_embedding_type") is { } positions && positions != "absolute")
            throw config.Wrong("position_embedding_type", $"\"{positions}\"", "absolute, the only one that is known here");
        foreach (string key in new[] { "is_decoder", "add_cross_attention" })
            if (config?.Flag(key) == true)
                throw config.Wrong(key, "true", "false: only encoders run here");
    }

    static TextFamily Family(ConfigFile? config, TextLayout layout, string root, ITensorSource weights)
    {
        TextFamily family = config?.Text("model_type") switch
        {
            "bert" => TextFamily.Bert,
            "roberta" or "xlm-roberta" or "camembert" => TextFamily.Roberta,
            "distilbert" => TextFamily.DistilBert,
            null => layout is DistilBertLayout ? TextFamily.DistilBert : root == "roberta." || weights.Tensors.ContainsKey("pre_logits.weight") ? TextFamily.Roberta : TextFamily.Bert,
            var other => throw config!.Wrong("model_type", $"\"{other}\"", "bert, roberta, xlm-roberta, camembert or distilbert"),
        };
        return (family == TextFamily.DistilBert) == (layout is DistilBertLayout)
            ? family
            : throw config!.Wrong("model_type", $"\"{config.Text("model_type")}\"", $"one of {layout.Name}, whose names the weights have");
    }

    static TextTask Task(ConfigFile? config, string architecture, ITensorSource weights)
    {
        foreach (string other in new[] { "MultipleChoice", "QuestionAnswering", "NextSentencePrediction" })
            if (config is not null && architecture.EndsWith($"For{other}", StringComparison.Ordinal))
                throw config.Wrong("architectures", $"\"{architecture}\"", "an encoder with a head for sequence or token classification, or without a head");
        if (!weights.Tensors.ContainsKey("head.weight"))
            return TextTask.Embedding;
        bool sequence = weights.Tensors.ContainsKey("pooler.weight") || weights.Tensors.ContainsKey("pre_logits.weight");
        if (architecture.EndsWith("ForTokenClassification", StringComparison.Ordinal) || (!sequence && !architecture.EndsWith("ForSequenceClassification", StringComparison.Ordinal)))
            return TextTask.TokenClassification;
        return config?.Text("problem_type") switch
        {
            "regression" => TextTask.Regression,
            "single_label_classification" or "multi_label_classification" => TextTask.Classification,
            null => Shape(weights, "head.weight").Rows == 1 ? TextTask.Regression : TextTask.Classification,
            var other => throw config!.Wrong("problem_type", $"\"{other}\"", "regression, single_label_classification or multi_label_classification"),
        };
    }

    static int HeadDim(ConfigFile? config, string key, ITensorSource weights)
    {
        if (config?.Object("secateur")?.Whole("head_dim", 1, Most) is { } told)
            return told;
        int width = Shape(weights, "word_embed.weight").Columns;
        if (config?.Whole(key, 1, Most) is { } heads)
            return width % heads == 0 ? width / heads : throw config.Wrong(key, heads.ToString(), $"a divisor of the width {width}");
        // BERT's sizes, from tiny to large, have heads of 64 columns; so have RoBERTa and DistilBERT. MiniLM's have 32.
        return width % 64 == 0 && width != 384
            ? 64
            : throw new CheckpointException($"{weights.Path}: nothing says how many heads a block of width {width} has. Put a config.json beside the weights: {{\"{key}\": ...}}.");
    }

    static (int Rows, int Columns) Shape(ITensorSource weights, string name) => weights.Tensors.TryGetValue(name, out TensorInfo? info) && info.Shape is [var rows, > 0 and var columns]
        ? (rows, columns)
        : throw new CheckpointException($"{weights.Path}: the weight '{name}' is missing or misshapen; expected [any, width].");
}
