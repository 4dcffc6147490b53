namespace Secateur.Models.Checkpoints.Layouts;

/// <summary>How a family of encoders of texts names its weights.</summary>
internal abstract class TextLayout : WeightLayout
{
    /// <summary>All that are known.</summary>
    public static IReadOnlyList<TextLayout> All { get; } = [new BertLayout(), new DistilBertLayout()];
}

/// <summary>Hugging Face's BERT and RoBERTa, which differ in their heads only: with the heads of classifiers, or without. The products of pre-training are passed over.</summary>
internal sealed class BertLayout : TextLayout
{
    public override string Name => "Hugging Face BERT";

    public override IReadOnlyList<string> Roots => ["bert.", "roberta.", ""];

    public override string Signature => "encoder.layer.0.attention.self.query.weight";

    public override string Blocks => "encoder.layer.";

    // The first checkpoints call a norm's weights gamma and beta.
    public override IReadOnlyList<Stem> Outer =>
    [
        new("embeddings.word_embeddings", "word_embed"),
        new("embeddings.position_embeddings", "pos_embed"),
        new("embeddings.token_type_embeddings", "type_embed"),
        new("embeddings.LayerNorm.gamma", "norm_embed.weight"),
        new("embeddings.LayerNorm.beta", "norm_embed.bias"),
        new("embeddings.LayerNorm", "norm_embed"),
        new("pooler.dense", "pooler"),
    ];

    public override IReadOnlyList<Stem> Inner =>
    [
        new("attention.self.query", "attn.qkv", 0, 3),
        new("attention.self.key", "attn.qkv", 1, 3),
        new("attention.self.value", "attn.qkv", 2, 3),
        new("attention.output.dense", "attn.proj"),
        new("attention.output.LayerNorm.gamma", "norm1.weight"),
        new("attention.output.LayerNorm.beta", "norm1.bias"),
        new("attention.output.LayerNorm", "norm1"),
        new("intermediate.dense", "mlp.fc1"),
        new("output.dense", "mlp.fc2"),
        new("output.LayerNorm.gamma", "norm2.weight"),
        new("output.LayerNorm.beta", "norm2.bias"),
        new("output.LayerNorm", "norm2"),
    ];

    public override IReadOnlyList<Stem> Heads => [new("classifier.dense", "pre_logits"), new("classifier.out_proj", "head"), new("classifier", "head")];

    public override IReadOnlyList<string> Ignored => ["embeddings.position_ids", "embeddings.token_type_ids", "cls.", "lm_head."];
}

/// <summary>Hugging Face's DistilBERT.</summary>
internal sealed class DistilBertLayout : TextLayout
{
    public override string Name => "Hugging Face DistilBERT";

    public override IReadOnlyList<string> Roots => ["distilbert.", ""];

    public override string Signature => "transformer.layer.0.attention.q_lin.weight";

    public override string Blocks => "transformer.layer.";

    public override IReadOnlyList<Stem> Outer =>
    [
        new("embeddings.word_embeddings", "word_embed"),
        new("embeddings.position_embeddings", "pos_embed"),
        new("embeddings.LayerNorm", "norm_embed"),
    ];

    public override IReadOnlyList<Stem> Inner =>
    [
        new("attention.q_lin", "attn.qkv", 0, 3),
        new("attention.k_lin", "attn.qkv", 1, 3),
        new("attention.v_lin", "attn.qkv", 2, 3),
        new("attention.out_lin", "attn.proj"),
        new("sa_layer_norm", "norm1"),
        new("ffn.lin1", "mlp.fc1"),
        new("ffn.lin2", "mlp.fc2"),
        new("output_layer_norm", "norm2"),
    ];

    public override IReadOnlyList<Stem> Heads => [new("pre_classifier", "pre_logits"), new("classifier", "head")];

    public override IReadOnlyList<string> Ignored => ["embeddings.position_ids", "vocab_transform.", "vocab_layer_norm.", "vocab_projector."];
}
