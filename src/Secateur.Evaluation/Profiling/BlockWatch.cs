using System.Diagnostics;
using Secateur.Models.Tokens;

namespace Secateur.Evaluation.Profiling;

/// <summary>Notes when a run reaches each part.</summary>
/// <param name="depth">Blocks of the network.</param>
internal sealed class BlockWatch(int depth) : RunObserver
{
    readonly long[] attention = new long[depth];
    readonly long[] mlp = new long[depth];
    readonly long[] end = new long[depth];
    long embedded;

    /// <summary>What stands between embedding and first block.</summary>
    public long Dropping => attention[0] - embedded;

    public static double Milliseconds(long ticks) => ticks * 1000.0 / Stopwatch.Frequency;

    public void Read(Span<BlockLatency> blocks)
    {
        for (int i = 0; i < blocks.Length; i++)
            blocks[i] = new(Milliseconds(mlp[i] - attention[i]), Milliseconds(end[i] - mlp[i]));
    }

    public override void OnEmbedding(TokenRows tokens) => embedded = Stopwatch.GetTimestamp();

    public override void OnAttention(int block, TokenRows tokens) => attention[block] = Stopwatch.GetTimestamp();

    public override void OnMlp(int block, TokenRows tokens) => mlp[block] = Stopwatch.GetTimestamp();

    public override void OnBlock(int block, TokenRows tokens) => end[block] = Stopwatch.GetTimestamp();
}
