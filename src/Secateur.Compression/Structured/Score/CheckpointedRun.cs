using Secateur.Models;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Structured.Score;

/// <summary>A batch on its way through a network, of which only what enters each block is kept: a block is computed again when it is looked into.</summary>
internal sealed class CheckpointedRun : RunObserver
{
    readonly Transformer network;
    readonly TokenRows[] states;

    /// <summary>Runs the network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="tokens">What enters its first block; stays as it is.</param>
    /// <param name="cancellation">Stops between two blocks.</param>
    public CheckpointedRun(Transformer network, TokenRows tokens, CancellationToken cancellation)
    {
        this.network = network;
        states = new TokenRows[network.Depth + 1];
        states[0] = tokens;
        Logits = new float[network.Answers(tokens) * network.Classes];
        network.RunBlocks(tokens.Copy(), 0, Logits, this, cancellation);
    }

    /// <summary>[answers, classes].</summary>
    public float[] Logits { get; }

    /// <summary>What leaves the last block.</summary>
    public TokenRows Last => states[^1];

    /// <summary>What leaves a block.</summary>
    public TokenRows After(int block) => states[block + 1];

    /// <summary>Computes a block again.</summary>
    public void Look(int block, BlockActivations room) => network.Look(block, states[block], room);

    /// <inheritdoc/>
    public override void OnBlock(int block, TokenRows tokens) => states[block + 1] = tokens.Copy();
}
