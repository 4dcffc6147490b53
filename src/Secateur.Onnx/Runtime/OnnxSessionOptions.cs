namespace Secateur.Onnx.Runtime;

/// <summary>How much a runtime changes a graph before it runs it.</summary>
public enum OnnxOptimisation
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>What leaves no trace: constants computed beforehand, nodes without effect removed.</summary>
    Basic = 1,

    /// <summary>Operators fused too.</summary>
    Extended = 2,

    /// <summary>Layouts of memory changed too.</summary>
    All = 99,
}

/// <summary>How a model is run.</summary>
public sealed record OnnxSessionOptions
{
    /// <summary>Threads of one operator, the calling one included; 0 leaves it to the runtime, which takes every core.</summary>
    public int Threads { get; init; }

    /// <summary>What it runs on. What a provider cannot run, the processor does.</summary>
    public OnnxProvider Provider { get; init; } = OnnxProvider.Cpu;

    /// <summary>Which device of the provider, from 0.</summary>
    public int Device { get; init; }

    /// <summary>How much the graph may be changed first.</summary>
    public OnnxOptimisation Optimisation { get; init; } = OnnxOptimisation.All;

    /// <summary>Whether the runtime's threads stay awake for a while after a run, so that the next one starts sooner. What runs beside it
    /// meanwhile is slower for that, and so is its own next run where it is false.</summary>
    public bool SpinBetweenRuns { get; init; } = true;
}
