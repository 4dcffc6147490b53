using Secateur.Kernels;

namespace Secateur.Models.Layers;

/// <summary>Who computes: a register width and a pool of threads.</summary>
/// <param name="Kernels">The operations.</param>
/// <param name="Threads">The workers.</param>
internal sealed record Engine(KernelSet Kernels, Threads Threads);
