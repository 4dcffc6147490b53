namespace Secateur.Evaluation.Profiling;

/// <summary>A network in some runtime, whose latency can be measured at any number of tokens.</summary>
public interface ILatencySource
{
    /// <summary>What runs it, with all that its times depend on: "secateur", "onnxruntime 1.30.0, cpu".</summary>
    string Runtime { get; }

    /// <summary>What the network calls itself.</summary>
    string Architecture { get; }

    /// <summary>Which weights: <see cref="Models.Checkpoints.WeightsHash"/>.</summary>
    string WeightsHash { get; }

    /// <summary>Threads in use.</summary>
    int Threads { get; }

    /// <summary>Number of blocks.</summary>
    int Depth { get; }

    /// <summary>Tokens before the patches; the fewest tokens that run are these and one patch.</summary>
    int PrefixTokens { get; }

    /// <summary>Patches of a picture; the most tokens that run are these and the prefix.</summary>
    int Patches { get; }

    /// <summary>Whether <see cref="Run"/> tells what each block takes.</summary>
    bool KnowsBlocks { get; }

    /// <summary>Gets ready for runs of this many pictures: whatever a run must not spend its time on.</summary>
    /// <param name="batch">Pictures in a run.</param>
    void Prepare(int batch);

    /// <summary>Runs the network once, every block on this many tokens.</summary>
    /// <param name="tokens">Tokens of a picture, those of the prefix included.</param>
    /// <param name="blocks">Receives what each block took, [depth]; left alone where that is not known.</param>
    /// <returns>Milliseconds of embedding, blocks and head.</returns>
    double Run(int tokens, Span<BlockLatency> blocks);
}
