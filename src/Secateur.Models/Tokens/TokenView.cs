using Secateur.Kernels;

namespace Secateur.Models.Tokens;

/// <summary>The view of another sequence of the batch.</summary>
/// <param name="sequence">Its index.</param>
/// <returns>The view.</returns>
public delegate TokenView TokenViewOf(int sequence);

/// <summary>What a method may see of one sequence. Read-only: a method decides, it does not touch the network.</summary>
public readonly ref struct TokenView
{
    readonly TokenSignals granted;
    readonly ReadOnlySpan<float> sizes;
    readonly Matrix tokens;
    readonly Matrix input;
    readonly Matrix qkv;
    readonly AttentionSignals? attention;
    readonly int sequence;

    /// <summary>A view for <see cref="ITokenReducer.Reduce"/>; also what a test hands to a method.</summary>
    /// <param name="granted">The signals that are there.</param>
    /// <param name="prefix">Leading tokens that must survive alone.</param>
    /// <param name="sizes">How many original tokens each stands for, [count].</param>
    /// <param name="tokens">[count, width].</param>
    /// <param name="input">[count, width]; asked with <see cref="TokenSignals.Input"/>.</param>
    /// <param name="qkv">[count, 3 * heads * headDim]; asked with <see cref="TokenSignals.QueryKeyValue"/>.</param>
    /// <param name="heads">Heads of the block.</param>
    /// <param name="attention">What attention yielded; asked with the attention signals.</param>
    /// <param name="sequence">Which sequence of <paramref name="attention"/> this is.</param>
    public TokenView(
        TokenSignals granted, int prefix, ReadOnlySpan<float> sizes, Matrix tokens, Matrix input, Matrix qkv, int heads, AttentionSignals? attention, int sequence)
    {
        (this.granted, Prefix, this.tokens, this.input, this.qkv, Heads) = (granted, prefix, tokens, input, qkv, heads);
        (this.attention, this.sequence) = (attention, sequence);
        this.sizes = sizes;
        HasClassToken = prefix > 0;
    }

    /// <summary>Tokens, prefix included.</summary>
    public int Count => sizes.Length;

    /// <summary>Leading tokens (class, distillation, registers) that must survive alone.</summary>
    public int Prefix { get; }

    /// <summary>Whether the first token is a class token; without one the prefix, where there is any, is registers alone.</summary>
    public bool HasClassToken { get; init; }

    /// <summary>Tokens that may go: those after the prefix.</summary>
    public int Patches => Count - Prefix;

    /// <summary>Heads of the block.</summary>
    public int Heads { get; }

    /// <summary>Columns of a head; 0 where the block has none.</summary>
    public int HeadDim => Heads == 0 ? 0 : qkv.Columns / 3 / Heads;

    /// <summary>The kernels that a method may use.</summary>
    public KernelSet Kernels { get; init; } = KernelSet.Default;

    /// <summary>Who works when a method splits its own work (by head, say); inside the pool's own work everything runs on the caller.</summary>
    public Threads Threads { get; init; } = Threads.Inline;

    /// <summary>How many original tokens each token stands for, [count].</summary>
    public ReadOnlySpan<float> Sizes => sizes;

    /// <summary>Where each token is from: the index among all tokens of the picture (prefix first, patches row after row) of the first that it holds, [count].</summary>
    public ReadOnlySpan<int> Places { get; init; }

    /// <summary>Rows and columns of the picture's patch grid.</summary>
    public (int Rows, int Columns) Grid { get; init; }

    /// <summary>What an earlier decision carried on for each token (<see cref="TokenMap.Carrying"/>), [count]; zeros before any.</summary>
    public ReadOnlySpan<float> Carried { get; init; }

    /// <summary>What an earlier decision carried on for each head, [heads]; empty before any.</summary>
    public ReadOnlySpan<float> HeadScores { get; init; }

    /// <summary>Which heads this block computed, [heads]; empty for all.</summary>
    public ReadOnlySpan<bool> ActiveHeads { get; init; }

    /// <summary>Sequences in the batch.</summary>
    public int Mates { get; init; } = 1;

    /// <summary>Shows the other sequences; only to methods that say <see cref="ITokenReducer.DependsOnBatch"/>.</summary>
    public TokenViewOf? MateOf { get; init; }

    /// <summary>Another sequence of the batch, or this one where there is no other to be seen.</summary>
    /// <param name="sequence">In [0, <see cref="Mates"/>).</param>
    public TokenView Mate(int sequence) => MateOf is null ? this : MateOf(sequence);

    /// <summary>One token where the method acts, [width].</summary>
    public ReadOnlySpan<float> Token(int token) => Granted(TokenSignals.Tokens, tokens).Row(token);

    /// <summary>One token as it entered the block, [width].</summary>
    public ReadOnlySpan<float> Input(int token) => Granted(TokenSignals.Input, input).Row(token);

    /// <summary>All tokens where the method acts, [count, width].</summary>
    public Matrix Tokens => Granted(TokenSignals.Tokens, tokens);

    /// <summary>All tokens as they entered the block, [count, width].</summary>
    public Matrix Inputs => Granted(TokenSignals.Input, input);

    /// <summary>Queries, keys and values of all tokens, [count, 3 * heads * headDim].</summary>
    public Matrix QueryKeyValue => Granted(TokenSignals.QueryKeyValue, qkv);

    /// <summary>The queries of one token, head after head, [heads * headDim].</summary>
    public ReadOnlySpan<float> Query(int token) => Part(token, 0);

    /// <summary>The keys of one token, head after head, [heads * headDim].</summary>
    public ReadOnlySpan<float> Key(int token) => Part(token, 1);

    /// <summary>The values of one token, head after head, [heads * headDim].</summary>
    public ReadOnlySpan<float> Value(int token) => Part(token, 2);

    /// <summary>How much the class token, the first, attends to every token in one head, [count].</summary>
    public ReadOnlySpan<float> ClassAttention(int head) => Granted(TokenSignals.ClassAttention, attention!).ClassRow(sequence, head);

    /// <summary>How much attention every token receives in one head (column sums over all queries), [count].</summary>
    public ReadOnlySpan<float> Received(int head) => Granted(TokenSignals.Received, attention!).Received(sequence, head);

    /// <summary>The attention of one head after softmax, [count, count], row = query.</summary>
    public Matrix Attention(int head) => Granted(TokenSignals.Attention, attention!).Full(sequence, head);

    /// <summary>Sum of the magnitudes of one head's output.</summary>
    public float HeadMagnitude(int head) => Granted(TokenSignals.HeadMagnitude, attention!).OutputMagnitude(sequence, head);

    /// <summary>Mean entropy of one head's rows, in nats.</summary>
    public float HeadEntropy(int head) => Granted(TokenSignals.HeadEntropy, attention!).Entropy(sequence, head);

    ReadOnlySpan<float> Part(int token, int part)
    {
        int width = qkv.Columns / 3;
        return Granted(TokenSignals.QueryKeyValue, qkv).Row(token).Slice(part * width, width);
    }

    T Granted<T>(TokenSignals signal, T value) => (granted & signal) != 0
        ? value
        : throw new InvalidOperationException($"A method must ask for {signal} in its Needs before it looks.");
}
