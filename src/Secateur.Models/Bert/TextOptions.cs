using Secateur.Kernels;

namespace Secateur.Models.Bert;

/// <summary>How a network is to run here; every part has a default.</summary>
public sealed record TextOptions
{
    /// <summary>Register width; default: <see cref="KernelSet.Default"/>.</summary>
    public KernelSet? Kernels { get; init; }

    /// <summary>Workers; default: <see cref="Threads.Shared"/>, one a core.</summary>
    public Threads? Threads { get; init; }
}
