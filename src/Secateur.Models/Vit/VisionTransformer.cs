using System.Collections.Concurrent;
using System.Collections.Immutable;
using Secateur.Kernels;
using Secateur.Models.Checkpoints;
using Secateur.Models.Layers;
using Secateur.Models.Tokens;

namespace Secateur.Models.Vit;

/// <summary>A vision transformer (Dosovitskiy et al., 2021) with the variations of DeiT, AugReg, MAE, CLIP's image tower and DINOv2.
/// Immutable after loading and safe to use from many threads at once.</summary>
public sealed class VisionTransformer
{
    readonly Engine engine;
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
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(weights);
        Config = config;
        engine = new(options?.Kernels ?? KernelSet.Default, options?.Threads ?? Threads.Shared);
        ImageSize = options?.ImageSize ?? config.ImageSize;
        int depth = 0;
        while (weights.Tensors.ContainsKey($"blocks.{depth}.attn.qkv.weight"))
            depth++;
        if (depth == 0)
            throw new CheckpointException($"{weights.Path}: the weight 'blocks.0.attn.qkv.weight' is missing; this is no vision transformer that is known here.");
        embedding = new(config.Epsilon);
        blocks = [.. Enumerable.Range(0, depth).Select(_ => new Block(config.HeadDim, config.Epsilon, config.Activation, config.SwiGlu))];
        head = new(config.Epsilon, config.Pooling);
        Visit(new WeightLoader(weights, engine.Kernels));
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

    /// <summary>Floats in a token.</summary>
    public int Width => embedding.Width;

    /// <summary>The threads of a run, the caller's included. A run from one of their own tasks stays on that thread, so that many runs may share them.</summary>
    public Threads Threads => engine.Threads;

    /// <summary>Number of blocks.</summary>
    public int Depth => blocks.Length;

    /// <summary>Logits of a picture; where the network has no classifier, the length of its pooled features.</summary>
    public int Classes => head.Outputs;

    /// <summary>Heads and neurons of every block.</summary>
    public ImmutableArray<BlockShape> Blocks => [.. blocks.Select(block => new BlockShape(block.Heads, Config.HeadDim, block.Neurons, block.Gated))];

    /// <summary>Floats in one picture: channels * height * width.</summary>
    public int ImageLength => embedding.ImageLength;

    /// <summary>Multiply-adds of patch embedding and classifier for one picture.</summary>
    public (long Embedding, long Head) OuterMacs => ((long)ImageLength * Width, head.Macs);

    /// <summary>Classifies pictures.</summary>
    /// <param name="images">Normalised pictures, [batch, channels, height, width].</param>
    /// <param name="batch">Number of pictures.</param>
    /// <param name="plan">Which tokens are worth computing; default: all.</param>
    /// <returns>Logits, [batch, <see cref="Classes"/>].</returns>
    /// <exception cref="ArgumentException">A length does not fit, or the plan does not fit the network.</exception>
    public float[] Run(ReadOnlySpan<float> images, int batch, TokenPlan? plan = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        var logits = new float[checked(batch * Classes)];
        Run(images, batch, logits, plan);
        return logits;
    }

    /// <summary>Classifies pictures. A dense run allocates nothing after the first; a run under a plan allocates its <see cref="TokenMap"/>s.</summary>
    /// <param name="images">Normalised pictures, [batch, channels, height, width].</param>
    /// <param name="batch">Number of pictures.</param>
    /// <param name="logits">Receives [batch, <see cref="Classes"/>].</param>
    /// <param name="plan">Which tokens are worth computing; default: all.</param>
    /// <param name="observer">Shown the tokens and the decisions; default: nobody.</param>
    /// <param name="cancellation">Stops between two blocks.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the plan does not fit the network.</exception>
    /// <exception cref="InvalidOperationException">A method answered for other tokens than it was shown, or touched a prefix token.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public void Run(
        ReadOnlySpan<float> images, int batch, Span<float> logits, TokenPlan? plan = null, RunObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        if (images.Length != (long)batch * ImageLength)
            throw new ArgumentException($"{batch} pictures of [{embedding.Channels}, {ImageSize.Height}, {ImageSize.Width}] have {(long)batch * ImageLength} floats, not {images.Length}.", nameof(images));
        if (logits.Length != (long)batch * Classes)
            throw new ArgumentException($"{batch} pictures have {(long)batch * Classes} logits, not {logits.Length}.", nameof(logits));
        plan ??= TokenPlan.Dense;
        plan.RequireDepth(Depth);
        VitWorkspace workspace = Rent(batch);
        try
        {
            TokenRows tokens = workspace.Tokens;
            tokens.Reset(batch, PrefixTokens + PatchTokens);
            embedding.Run(engine, images, tokens, workspace.Unfolded);
            observer?.OnEmbedding(tokens);
            for (int i = 0; i < blocks.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                RunBlock(i, workspace, plan, observer);
            }

            if (observer is { WantsFeatures: true })
            {
                head.Normalise(engine, tokens.Rows);
                observer.OnFeatures(tokens);
            }

            head.Run(engine, tokens, PrefixTokens, observer is { WantsFeatures: true }, workspace.Head, logits);
        }
        finally
        {
            workspaces.Add(workspace);
        }
    }

    /// <summary>Lists the weights under timm names, in a fixed order.</summary>
    /// <param name="found">Receives each weight's name, its shape, and a function that writes its numbers.</param>
    public void VisitWeights(Action<string, ImmutableArray<int>, Action<Span<float>>> found)
    {
        ArgumentNullException.ThrowIfNull(found);
        Visit(new WeightLister((name, shape, read) =>
            found(name, name == "patch_embed.proj.weight" ? [shape[0], embedding.Channels, PatchSize, PatchSize] : shape, read)));
    }

    void Visit(WeightVisitor visitor)
    {
        embedding.Visit(visitor);
        for (int i = 0; i < blocks.Length; i++)
            blocks[i].Visit(visitor, $"blocks.{i}", embedding.Width);
        head.Visit(visitor, embedding.Width);
    }

    void RunBlock(int index, VitWorkspace workspace, TokenPlan plan, RunObserver? observer)
    {
        Block block = blocks[index];
        TokenRows tokens = workspace.Tokens;
        Reduction reduction = workspace.Reduction;
        reduction.Run(engine, plan, index, TokenPosition.BeforeBlock, tokens, PrefixTokens, default, block.Heads, observer);
        observer?.OnAttention(index, tokens);
        AttentionSignals? signals = reduction.Prepare(plan, index, tokens, block.Heads);
        Matrix queryKeyValue = workspace.Blocks.QueryKeyValue(tokens.Count, 3 * block.AttentionWidth);
        block.RunAttention(engine, tokens, workspace.Blocks, reduction.SizeBias(plan, tokens), signals);
        reduction.Run(engine, plan, index, TokenPosition.AfterAttention, tokens, PrefixTokens, queryKeyValue, block.Heads, observer);
        observer?.OnMlp(index, tokens);
        block.RunMlp(engine, tokens, workspace.Blocks);
        reduction.Run(engine, plan, index, TokenPosition.AfterBlock, tokens, PrefixTokens, queryKeyValue, block.Heads, observer);
        observer?.OnBlock(index, tokens);
    }

    VitWorkspace Rent(int batch)
    {
        while (workspaces.TryTake(out VitWorkspace? workspace))
            if (workspace.Batch >= batch)
                return workspace;
        return new(batch, PrefixTokens + PatchTokens, embedding.Channels * PatchSize * PatchSize, Grid, embedding.HasClassToken, Width, blocks, head);
    }
}
