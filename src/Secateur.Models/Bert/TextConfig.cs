using System.Collections.Immutable;
using Secateur.Kernels;

namespace Secateur.Models.Bert;

/// <summary>Whose kind an encoder of texts is: how it numbers positions, and what its classifier looks at.</summary>
public enum TextFamily
{
    /// <summary>BERT (Devlin et al., 2019), MiniLM and most sentence encoders.</summary>
    Bert,

    /// <summary>RoBERTa (Liu et al., 2019), XLM-RoBERTa, CamemBERT: positions begin after the padding's.</summary>
    Roberta,

    /// <summary>DistilBERT (Sanh et al., 2019): no token types, no pooler.</summary>
    DistilBert,
}

/// <summary>What an encoder of texts answers.</summary>
public enum TextTask
{
    /// <summary>Logits of classes, for each text.</summary>
    Classification,

    /// <summary>Real numbers, for each text.</summary>
    Regression,

    /// <summary>Logits of classes, for each token.</summary>
    TokenClassification,

    /// <summary>A vector, for each text.</summary>
    Embedding,
}

/// <summary>What becomes of the tokens of a text before the head.</summary>
public enum TextPooling
{
    /// <summary>The first token.</summary>
    FirstToken,

    /// <summary>The mean of all tokens.</summary>
    Mean,

    /// <summary>The first token through BERT's pooler: a product and tanh.</summary>
    Pooler,
}

/// <summary>What the weights cannot say about an encoder of texts. Widths, depth, heads, neurons, vocabulary and number of classes come from the weights.</summary>
public sealed record TextConfig
{
    /// <summary>For people: "BertForSequenceClassification".</summary>
    public string Architecture { get; init; } = "BertModel";

    /// <summary>Whose kind it is.</summary>
    public TextFamily Family { get; init; }

    /// <summary>What it answers.</summary>
    public required TextTask Task { get; init; }

    /// <summary>What its head looks at; of no meaning where each token is classified.</summary>
    public required TextPooling Pooling { get; init; }

    /// <summary>Whether an embedding is divided by its length.</summary>
    public bool Normalise { get; init; }

    /// <summary>Columns of a head; heads of a block = rows of its qkv weight / 3 / this.</summary>
    public required int HeadDim { get; init; }

    /// <summary>Added to the variance in every LayerNorm.</summary>
    public float Epsilon { get; init; } = 1e-12f;

    /// <summary>The MLP's activation.</summary>
    public Activation Activation { get; init; } = Activation.Gelu;

    /// <summary>The row of the position embeddings that a text's first token gets.</summary>
    public int FirstPosition { get; init; }

    /// <summary>Tokens of a text at most, special ones included.</summary>
    public required int LongestText { get; init; }

    /// <summary>Names of the classes, by index; empty when the checkpoint does not have one for each.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];
}
