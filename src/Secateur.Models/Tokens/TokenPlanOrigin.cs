namespace Secateur.Models.Tokens;

/// <summary>Where a plan that was searched for comes from: the network it is for, and what was counted, predicted and measured. Plans
/// written by hand have none.</summary>
public sealed record TokenPlanOrigin
{
    /// <summary>What the network calls itself.</summary>
    public required string Architecture { get; init; }

    /// <summary>Which weights: <see cref="Checkpoints.WeightsHash"/>, 64 hexadecimal digits. The plan is for them alone.</summary>
    public required string Weights { get; init; }

    /// <summary>The program that searched, and its version.</summary>
    public required string Tool { get; init; }

    /// <summary>What drew the candidates and ordered the pictures.</summary>
    public int Seed { get; init; }

    /// <summary>What it costs; null where nobody counted.</summary>
    public PlannedMacs? Macs { get; init; }

    /// <summary>How fast it is; null where nobody predicted or measured.</summary>
    public PlannedLatency? Latency { get; init; }

    /// <summary>How well it answers; null where nobody looked.</summary>
    public PlannedQuality? Quality { get; init; }
}

/// <summary>Multiply-adds of one picture, with patch embedding and classifier.</summary>
/// <param name="Plan">Under the plan; of an adaptive one, the mean over some pictures.</param>
/// <param name="Dense">Of every token.</param>
public sealed record PlannedMacs(long Plan, long Dense);

/// <summary>How long a run takes somewhere.</summary>
/// <param name="Batch">Pictures in a run.</param>
/// <param name="Threads">Threads in use.</param>
/// <param name="Device">The processor.</param>
/// <param name="DeviceHash">The device's fingerprint, hexadecimal digits.</param>
public sealed record PlannedLatency(int Batch, int Threads, string Device, string DeviceHash)
{
    /// <summary>What the profile says, milliseconds for the whole batch, reductions themselves apart; null without a profile.</summary>
    public double? Predicted { get; init; }

    /// <summary>What was measured, milliseconds for the whole batch (a median); null where it was not.</summary>
    public double? Measured { get; init; }

    /// <summary>Every token, measured in turn with the plan, milliseconds for the whole batch (a median); null where it was not.</summary>
    public double? Dense { get; init; }
}

/// <summary>How well a plan answers.</summary>
/// <param name="Data">On what.</param>
/// <param name="Images">On how many pictures.</param>
/// <param name="Agreement">Part of them on which it says what every token says, in [0, 1].</param>
public sealed record PlannedQuality(string Data, int Images, double Agreement)
{
    /// <summary>Part of right answers, in [0, 1]; null without labels.</summary>
    public double? Accuracy { get; init; }

    /// <summary>Part of right answers of every token, in [0, 1]; null without labels.</summary>
    public double? DenseAccuracy { get; init; }
}
