using System.Collections.Concurrent;
using System.Collections.Immutable;
using Secateur.Kernels;
using Secateur.Models.Checkpoints;
using Secateur.Models.Layers;
using Secateur.Models.Tokens;

namespace Secateur.Models.Vit;

/// <summary>A vision transformer (Dosovitskiy et al., 2021) with the variations of DeiT, AugReg, MAE, CLIP's image tower and DINOv2.
/// Immutable after loading and safe to use from many threads at once.</summary>
public sealed partial class VisionTransformer : Transformer
{
    readonly VitEmbedding embedding;
    readonly Block[] blocks;
    readonly VitHead head;
    readonly ConcurrentBag<VitWorkspace> workspaces = [];

    /// <summary>Builds a network from weights.</summary>
    /// <param name="config">What the weights cannot say.</param>
    /// <param name="weights">Tensors under timm names.</param>
    /// <param name="options">How it is to run here.</param>
    /// <exception cref="CheckpointException">A weight is missing or misshapen.</exception>
    /// <exception cref="ArgumentException">The wanted image size has no whole patches.</exception>
    public VisionTransformer(VitConfig config, ITensorSource weights, VitOptions? options = null)
        : base(new(options?.Kernels ?? KernelSet.Default, options?.Threads ?? Threads.Shared))
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(weights);
        Config = config;
        ImageSize = options?.ImageSize ?? config.ImageSize;
        int depth = 0;
        while (weights.Tensors.ContainsKey($"blocks.{depth}.attn.qkv.weight"))
            depth++;
        if (depth == 0)
            throw new CheckpointException($"{weights.Path}: the weight 'blocks.0.attn.qkv.weight' is missing; this is no vision transformer that is known here.");
        embedding = new(config.Epsilon);
        blocks = [.. Enumerable.Range(0, depth).Select(_ => new Block(config.HeadDim, config.Epsilon, config.Activation, config.SwiGlu))];
        head = new(config.Epsilon, config.Pooling);
        Visit(new WeightLoader(weights, Engine.Kernels));
        embedding.Settle(weights.Path, weights.Tensors["patch_embed.proj.weight"].Shape, config.ImageSize, ImageSize, config.AntialiasedPositions);
        if (config.Pooling != VitPooling.Average && !embedding.HasClassToken)
            throw new CheckpointException($"{weights.Path}: the head looks at the class token, but the weight 'cls_token' is missing; check global_pool in config.json.");
    }

    /// <summary>What the weights cannot say.</summary>
    public VitConfig Config { get; }

    /// <summary>Loads a network: a safetensors file, or a folder with one and its configuration, in the layout of timm, torchvision or Hugging Face.</summary>
    /// <param name="path">As <see cref="VitCheckpoint.Open"/> takes it.</param>
    /// <param name="options">How it is to run here; without an image size in them, pictures have the size that the checkpoint's own preprocessing makes.</param>
    /// <returns>The network.</returns>
    /// <exception cref="CheckpointException">It is no vision transformer that is known here, or it is damaged.</exception>
    /// <exception cref="ArgumentException">The wanted image size has no whole patches.</exception>
    public static VisionTransformer Load(string path, VitOptions? options = null)
    {
        using VitCheckpoint checkpoint = VitCheckpoint.Open(path);
        options ??= new();
        return new(checkpoint.Config, checkpoint.Weights, options with { ImageSize = options.ImageSize ?? checkpoint.InputSize });
    }

    /// <summary>Height and width of the pictures, pixels.</summary>
    public (int Height, int Width) ImageSize { get; }

    /// <summary>Side of a patch, pixels.</summary>
    public int PatchSize => embedding.PatchSize;

    /// <summary>Rows and columns of the patch grid.</summary>
    public (int Rows, int Columns) Grid => embedding.Grid;

    /// <summary>Patch tokens of a picture.</summary>
    public int PatchTokens => Grid.Rows * Grid.Columns;

    /// <summary>Tokens before the patches: class, distillation, registers.</summary>
    public int PrefixTokens => embedding.PrefixTokens;

    /// <inheritdoc/>
    public override string Architecture => Config.Architecture;

    /// <inheritdoc/>
    public override int Width => embedding.Width;

    /// <summary>Logits of a picture; where the network has no classifier, the length of its pooled features.</summary>
    public override int Classes => head.Outputs;

    /// <inheritdoc/>
    public override AnswerKind AnswerKind => OuterMacs.Head == 0 ? AnswerKind.Embedding : Classes > 1 ? AnswerKind.Classes : AnswerKind.Numbers;

    /// <inheritdoc/>
    public override long OutsideMacs => OuterMacs.Embedding + OuterMacs.Head;

    internal override IReadOnlyList<Block> BlockList => blocks;

    /// <summary>Floats in one picture: channels * height * width.</summary>
    public int ImageLength => embedding.ImageLength;

    /// <summary>Multiply-adds of patch embedding and classifier for one picture.</summary>
    public (long Embedding, long Head) OuterMacs => ((long)ImageLength * Width, head.Macs);

    /// <inheritdoc/>
    public override void VisitWeights(Action<string, ImmutableArray<int>, Action<Span<float>>> found)
    {
        ArgumentNullException.ThrowIfNull(found);
        Visit(new WeightLister((name, shape, read) =>
            found(name, name == "patch_embed.proj.weight" ? [shape[0], embedding.Channels, PatchSize, PatchSize] : shape, read)));
    }

    /// <summary>What every picture's tokens begin with, positions resampled for <see cref="ImageSize"/>.</summary>
    /// <returns>The prefix tokens with their positions, [<see cref="PrefixTokens"/>, <see cref="Width"/>], and what is added to every patch, [<see cref="PatchTokens"/>, <see cref="Width"/>].</returns>
    public (float[] Prefix, float[] Patches) ReadPositions() => embedding.ReadPositions();

    /// <summary>Checks a plan against this network, as a run under it does.</summary>
    /// <param name="plan">The plan.</param>
    /// <exception cref="ArgumentException">A stage lies outside the network, looks at attention that has not happened, at heads that are not there, or at tokens
    /// that another reduction of the same block has changed.</exception>
    public void RequireFits(TokenPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        plan.RequireFits(blocks);
    }

    /// <inheritdoc/>
    public override VisionTransformer WithWeights(ITensorSource weights) =>
        new(Config, weights, new() { Kernels = Engine.Kernels, Threads = Engine.Threads, ImageSize = ImageSize });

    /// <summary>Writes a checkpoint folder (timm names) that loads again.</summary>
    /// <inheritdoc/>
    public override void Save(string folder, TensorType type = TensorType.F32, CancellationToken cancellation = default) =>
        VitCheckpoint.Save(folder, this, type, cancellation);

    void Visit(WeightVisitor visitor)
    {
        embedding.Visit(visitor);
        for (int i = 0; i < blocks.Length; i++)
            blocks[i].Visit(visitor, $"blocks.{i}", embedding.Width);
        head.Visit(visitor, embedding.Width);
    }
}
