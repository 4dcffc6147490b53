namespace Secateur.Evaluation.Timing;

/// <summary>What was timed in turn with the dense network, and how sure the difference is.</summary>
public abstract record SideBySide
{
    /// <summary>Fewer rounds never tell a difference: the interval of a median with 95% confidence needs six.</summary>
    public const int FewestRounds = 6;

    /// <summary>How often each was timed, after warming up.</summary>
    public required int Rounds { get; init; }

    /// <summary>Rounds before the first that counts.</summary>
    public required int WarmUp { get; init; }

    /// <summary>Whether the times had stopped falling when the first round that counts began.</summary>
    public required bool Steady { get; init; }

    /// <summary>The part of the time that the threads of this process were ready to run and had to wait for a core, in [0, 1]: other programs
    /// were at work. Null where the system does not tell.</summary>
    public double? Waited { get; init; }

    /// <summary>Milliseconds of a run of the dense network.</summary>
    public required Percentiles Dense { get; init; }

    /// <summary>The dense network's time over the other's: above 1 where the other is faster. The median of the ratios of all rounds.</summary>
    public required Estimate Speedup { get; init; }

    /// <summary>The same ratio of the dense network with itself, in the same rounds: what this series finds where there is nothing to find.</summary>
    public required Estimate Control { get; init; }

    /// <summary>Whether the speedup lies beyond the series' own noise: its interval holds neither 1 nor anything of the control's.</summary>
    public bool Differs => Rounds >= FewestRounds
        && (Speedup.Low > Math.Max(1, Control.High) || Speedup.High < Math.Min(1, Control.Low));

    /// <summary>Whether the other is faster than the dense network, beyond the noise.</summary>
    public bool Faster => Differs && Speedup.Value > 1;

    /// <summary>How far the control's interval reaches to either side, as a part: differences below this cannot be seen.</summary>
    public double Noise => Math.Max(Control.High - 1, 1 - Control.Low);
}

/// <summary>A number, and the interval that holds it with 95% confidence.</summary>
public readonly record struct Estimate(double Value, double Low, double High);
