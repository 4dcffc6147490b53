using Secateur.Models.Tokens;

namespace Secateur.Compression.Structured;

/// <summary>Where a structure plan comes from: the network it is for, and how it was made. Plans written by hand have none.</summary>
public sealed record StructurePlanOrigin
{
    /// <summary>What the network calls itself.</summary>
    public required string Architecture { get; init; }

    /// <summary>Which weights: <see cref="Models.Checkpoints.WeightsHash"/>, 64 hexadecimal digits. The plan is for them alone.</summary>
    public required string Weights { get; init; }

    /// <summary>The program that made it, and its version.</summary>
    public required string Tool { get; init; }

    /// <summary>Who said what matters, a name of <see cref="StructuredMethods.Scorers"/>.</summary>
    public required string Scorer { get; init; }

    /// <summary>Who spent the budget, a name of <see cref="StructuredMethods.Allocators"/>.</summary>
    public required string Allocator { get; init; }

    /// <summary>Who made up for what went, a name of <see cref="StructuredMethods.Correctors"/>.</summary>
    public required string Corrector { get; init; }

    /// <summary>The part of what the whole network costs that the plan may cost, in (0, 1].</summary>
    public required double Budget { get; init; }

    /// <summary>What was looked at, in words: "32 pictures of photos.tar".</summary>
    public required string Calibration { get; init; }

    /// <summary>Multiply-adds of one sequence, with embedding and head; null where nobody counted.</summary>
    public PlannedMacs? Macs { get; init; }
}
