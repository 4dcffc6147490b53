using Secateur.Kernels;

namespace Secateur.Models.Vit;

/// <summary>How a network is to run here; every part has a default.</summary>
public sealed record VitOptions
{
    /// <summary>Register width; default: <see cref="KernelSet.Default"/>.</summary>
    public KernelSet? Kernels { get; init; }

    /// <summary>Workers; default: <see cref="Threads.Shared"/>, one a core.</summary>
    public Threads? Threads { get; init; }

    /// <summary>Height and width of the pictures, pixels; default: what the network was trained for. Position embeddings are resampled when it differs.</summary>
    public (int Height, int Width)? ImageSize { get; init; }
}
