using System.Diagnostics;
using Secateur.Models.Tokens;

namespace Secateur.Evaluation.Timing;

/// <summary>Notes how long a run is in each part. Every moment between <see cref="Start"/> and <see cref="Stop"/> belongs to one part.</summary>
/// <param name="depth">Blocks of the network.</param>
internal sealed class StageWatch(int depth) : RunObserver
{
    readonly long[] ticks = new long[5];
    long last;
    Part now;

    enum Part
    {
        Embedding,
        Attention,
        Mlp,
        Selection,
        Head,
    }

    /// <summary>A run begins.</summary>
    public void Start()
    {
        Array.Clear(ticks);
        now = Part.Embedding;
        last = Stopwatch.GetTimestamp();
    }

    /// <summary>The run is over.</summary>
    /// <returns>Milliseconds of each part.</returns>
    public StageTimes Stop()
    {
        Enter(now);
        return new(Of(Part.Embedding), Of(Part.Attention), Of(Part.Mlp), Of(Part.Selection), Of(Part.Head));
    }

    public override void OnEmbedding(TokenRows tokens) => Enter(Part.Attention);

    public override void OnAttention(int block, TokenRows tokens) => Enter(Part.Attention);

    public override void OnSelection(int stage, TokenRows tokens) => Enter(Part.Selection);

    public override void OnMlp(int block, TokenRows tokens) => Enter(Part.Mlp);

    public override void OnBlock(int block, TokenRows tokens) => Enter(block == depth - 1 ? Part.Head : Part.Attention);

    void Enter(Part next)
    {
        long time = Stopwatch.GetTimestamp();
        ticks[(int)now] += time - last;
        (last, now) = (time, next);
    }

    double Of(Part part) => ticks[(int)part] * 1000.0 / Stopwatch.Frequency;
}
