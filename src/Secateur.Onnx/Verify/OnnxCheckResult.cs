using System.Collections.Immutable;

namespace Secateur.Onnx.Verify;

/// <summary>What running a file beside our engine showed.</summary>
public sealed record OnnxCheckResult
{
    /// <summary>Version of the ONNX Runtime that ran it.</summary>
    public required string Runtime { get; init; }

    /// <summary>Pictures or texts that both answered.</summary>
    public required int Inputs { get; init; }

    /// <summary>Decisions about the tokens of a picture that were compared; 0 where the plan has none.</summary>
    public int Decisions { get; init; }

    /// <summary>Inputs whose answers were compared: all but those with a tie.</summary>
    public required int Answers { get; init; }

    /// <summary>The largest difference of two numbers of an answer.</summary>
    public required double LargestDifference { get; init; }

    /// <summary>The most that it may be.</summary>
    public required double Tolerance { get; init; }

    /// <summary>Where the runtime decides otherwise, and so does our engine when its input moves by rounding.</summary>
    public ImmutableArray<string> Ties { get; init; } = [];

    /// <summary>What is wrong, a line each; empty where the file answers as our engine does.</summary>
    public ImmutableArray<string> Failures { get; init; } = [];

    /// <summary>Whether the file answers as our engine does.</summary>
    public bool Passed => Failures.IsEmpty;
}
