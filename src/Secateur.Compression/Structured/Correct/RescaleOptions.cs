namespace Secateur.Compression.Structured.Correct;

/// <summary>Options of <see cref="Rescale"/>.</summary>
public sealed record RescaleOptions
{
    /// <summary>How hard scales are pulled to 1, in parts of the mean of the equations' diagonal; positive.</summary>
    public double Damping { get; init; } = 0.1;

    /// <summary>Whether a constant that goes into the bias is fitted together with the scales; the paper fits one and drops it.</summary>
    public bool Intercept { get; init; }

    /// <summary>Where a scale leaves [-10, 10]: false fits this layer again with ten times the damping, until none does; true leaves it and all
    /// later layers as they are, as the released code does.</summary>
    public bool StopsAtLimit { get; init; }

    /// <summary>A larger plan without corrections whose network is imitated, as in the paper, where it is the one found for the square root of the
    /// budget; null for the whole network.</summary>
    public StructurePlan? Teacher { get; init; }
}
