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

/// <summary>What a block consists of.</summary>
/// <param name="Heads">Attention heads.</param>
/// <param name="HeadDim">Columns of a head.</param>
/// <param name="Neurons">MLP neurons.</param>
/// <param name="Gated">Whether each neuron has a gate (SwiGLU).</param>
public readonly record struct BlockShape(int Heads, int HeadDim, int Neurons, bool Gated);
