using Secateur.Kernels;
using Secateur.Models.Layers;
using Secateur.Models.Tokens;

namespace Secateur.Models.Vit;

/// <content>A run: embedding, block after block, head.</content>
public sealed partial class VisionTransformer
{
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
        RequireImages(images, batch);
        if (logits.Length != (long)batch * Classes)
            throw new ArgumentException($"{batch} pictures have {(long)batch * Classes} logits, not {logits.Length}.", nameof(logits));
        plan ??= TokenPlan.Dense;
        plan.RequireFits(blocks);
        VitWorkspace workspace = Rent(batch);
        try
        {
            TokenRows tokens = workspace.Tokens;
            tokens.Reset(batch, PrefixTokens + PatchTokens);
            embedding.Run(Engine, images, tokens, workspace.Unfolded);
            observer?.OnEmbedding(tokens);
            for (int i = 0; i < blocks.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                RunBlock(i, workspace, plan, observer);
            }

            if (observer is { WantsFeatures: true })
            {
                head.Normalise(Engine, tokens.Rows);
                observer.OnFeatures(tokens);
            }

            head.Run(Engine, tokens, PrefixTokens, observer is { WantsFeatures: true }, workspace.Head, logits);
        }
        finally
        {
            workspaces.Add(workspace);
        }
    }

    /// <summary>The tokens of pictures as they enter the first block.</summary>
    /// <param name="images">Normalised pictures, [batch, channels, height, width].</param>
    /// <param name="batch">Number of pictures.</param>
    /// <returns>Prefix tokens, then patches, of each picture; for <see cref="Transformer.RunBlocks"/>.</returns>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public TokenRows Embed(ReadOnlySpan<float> images, int batch)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        RequireImages(images, batch);
        var tokens = new TokenRows(batch, batch * (PrefixTokens + PatchTokens), Width);
        tokens.Reset(batch, PrefixTokens + PatchTokens);
        embedding.Run(Engine, images, tokens, Matrix.Allocate(PatchTokens, embedding.Channels * PatchSize * PatchSize));
        return tokens;
    }

    private protected override void RunHead(TokenRows tokens, Span<float> logits) =>
        head.Run(Engine, tokens, PrefixTokens, false, new(tokens.Sequences, head), logits);

    private protected override void RunHeadBackward(TokenRows last, Matrix logitGradients, Matrix tokenGradients) =>
        head.Backward(Engine, last, PrefixTokens, logitGradients, tokenGradients);

    void RequireImages(ReadOnlySpan<float> images, int batch)
    {
        if (images.Length != (long)batch * ImageLength)
            throw new ArgumentException($"{batch} pictures of [{embedding.Channels}, {ImageSize.Height}, {ImageSize.Width}] have {(long)batch * ImageLength} floats, not {images.Length}.", nameof(images));
    }

    void RunBlock(int index, VitWorkspace workspace, TokenPlan plan, RunObserver? observer)
    {
        Block block = blocks[index];
        TokenRows tokens = workspace.Tokens;
        Reduction reduction = workspace.Reduction;
        reduction.Run(Engine, plan, index, TokenPosition.BeforeBlock, tokens, PrefixTokens, default, block.Heads, observer);
        observer?.OnAttention(index, tokens);
        AttentionSignals? signals = reduction.Prepare(plan, index, tokens, block.Heads);
        Matrix queryKeyValue = workspace.Blocks.QueryKeyValue(tokens.Count, 3 * block.AttentionWidth);
        block.RunAttention(Engine, tokens, workspace.Blocks, reduction.SizeBias(plan, tokens), signals);
        reduction.Run(Engine, plan, index, TokenPosition.AfterAttention, tokens, PrefixTokens, queryKeyValue, block.Heads, observer);
        observer?.OnMlp(index, tokens);
        block.RunMlp(Engine, tokens, workspace.Blocks);
        reduction.Run(Engine, plan, index, TokenPosition.AfterBlock, tokens, PrefixTokens, queryKeyValue, block.Heads, observer);
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
