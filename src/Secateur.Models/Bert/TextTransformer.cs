using System.Collections.Immutable;
using Secateur.Kernels;
using Secateur.Models.Checkpoints;
using Secateur.Models.Layers;

namespace Secateur.Models.Bert;

/// <summary>An encoder of texts: BERT (Devlin et al., 2019), RoBERTa, DistilBERT, MiniLM and sentence encoders made of them, with a head or without.
/// Texts of different lengths run together without padding. Immutable after loading and safe to use from many threads at once.</summary>
public sealed partial class TextTransformer : Transformer
{
    readonly TextEmbedding embedding;
    readonly Block[] blocks;
    readonly TextHead head;
    readonly TextFiles files;

    /// <summary>Builds a network from weights.</summary>
    /// <param name="config">What the weights cannot say.</param>
    /// <param name="weights">Tensors under the names of <see cref="VisitWeights"/>.</param>
    /// <param name="options">How it is to run here.</param>
    /// <exception cref="CheckpointException">A weight is missing or misshapen, or there are fewer positions than the longest text needs.</exception>
    public TextTransformer(TextConfig config, ITensorSource weights, TextOptions? options = null)
        : this(config, weights, options, TextFiles.None)
    {
    }

    internal TextTransformer(TextConfig config, ITensorSource weights, TextOptions? options, TextFiles files)
        : base(new(options?.Kernels ?? KernelSet.Default, options?.Threads ?? Threads.Shared))
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(weights);
        (Config, this.files) = (config, files);
        int depth = 0;
        while (weights.Tensors.ContainsKey($"blocks.{depth}.attn.qkv.weight"))
            depth++;
        if (depth == 0 || !weights.Tensors.TryGetValue("word_embed.weight", out TensorInfo? words) || words.Shape.Length != 2)
            throw new CheckpointException($"{weights.Path}: the weights 'word_embed.weight' and 'blocks.0.attn.qkv.weight' are missing or misshapen; this is no encoder of texts that is known here.");
        Width = words.Shape[1];
        embedding = new(Width, config);
        blocks = [.. Enumerable.Range(0, depth).Select(_ => new Block(config.HeadDim, config.Epsilon, config.Activation, gated: false, normFirst: false))];
        head = new(Width, config);
        Visit(new WeightLoader(weights, Engine.Kernels));
        if (config.LongestText < 1 || config.FirstPosition < 0 || config.LongestText > embedding.Positions)
            throw new CheckpointException($"{weights.Path}: there are {embedding.Positions} positions for texts of up to {config.LongestText} tokens; check max_position_embeddings and pad_token_id in config.json.");
    }

    /// <summary>What the weights cannot say.</summary>
    public TextConfig Config { get; }

    /// <summary>Loads a network: a safetensors file, or a folder with one and its configuration, under Hugging Face's names.</summary>
    /// <param name="path">As <see cref="TextCheckpoint.Open"/> takes it.</param>
    /// <param name="options">How it is to run here.</param>
    /// <returns>The network.</returns>
    /// <exception cref="CheckpointException">It is no encoder of texts that is known here, or it is damaged.</exception>
    public static TextTransformer Load(string path, TextOptions? options = null)
    {
        using TextCheckpoint checkpoint = TextCheckpoint.Open(path);
        return new(checkpoint.Config, checkpoint.Weights, options, checkpoint.Files);
    }

    /// <inheritdoc/>
    public override string Architecture => Config.Architecture;

    /// <inheritdoc/>
    public override int Width { get; }

    /// <summary>Columns of an answer: logits, or the length of an embedding.</summary>
    public override int Classes => head.Outputs;

    /// <inheritdoc/>
    public override AnswerKind AnswerKind => Config.Task switch
    {
        TextTask.Embedding => AnswerKind.Embedding,
        TextTask.Regression => AnswerKind.Numbers,
        _ => Classes > 1 ? AnswerKind.Classes : AnswerKind.Numbers,
    };

    /// <summary>Words of the vocabulary.</summary>
    public int Vocabulary => embedding.Vocabulary;

    /// <summary>Rows of the position embeddings that texts use; <see cref="TextConfig.LongestText"/> is no more.</summary>
    public int Positions => embedding.Positions;

    /// <summary>Token types that it knows; 0 where it does not look at them.</summary>
    public int Types => embedding.Types;

    /// <summary>Multiply-adds of the head for one text, whatever its length; looking embeddings up multiplies nothing.</summary>
    public override long OutsideMacs => head.Macs(0);

    /// <inheritdoc/>
    public override long OutsideMacsOf(int tokens) => head.Macs(tokens);

    internal override IReadOnlyList<Block> BlockList => blocks;

    /// <summary>What lay beside the weights.</summary>
    internal TextFiles Files => files;

    /// <inheritdoc/>
    public override void VisitWeights(Action<string, ImmutableArray<int>, Action<Span<float>>> found)
    {
        ArgumentNullException.ThrowIfNull(found);
        Visit(new WeightLister(found));
    }

    /// <inheritdoc/>
    public override TextTransformer WithWeights(ITensorSource weights) => new(Config, weights, new() { Kernels = Engine.Kernels, Threads = Engine.Threads }, files);

    /// <summary>Writes a checkpoint folder (Hugging Face's names) that loads again; tokenizer files go with it.</summary>
    /// <inheritdoc/>
    public override void Save(string folder, TensorType type = TensorType.F32, CancellationToken cancellation = default) =>
        TextCheckpoint.Save(folder, this, type, cancellation);

    /// <summary>Writes the files of the tokenizer alone, for a network that is kept in another form there, as an ONNX file.</summary>
    /// <param name="folder">A folder that exists.</param>
    /// <returns>False where another tokenizer lies there, which stays.</returns>
    /// <exception cref="IOException">One cannot be read or written.</exception>
    public bool SaveTokenizer(string folder) => files.CopyToEmpty(folder);

    void Visit(WeightVisitor visitor)
    {
        embedding.Visit(visitor);
        for (int i = 0; i < blocks.Length; i++)
            blocks[i].Visit(visitor, $"blocks.{i}", Width);
        head.Visit(visitor);
    }
}
