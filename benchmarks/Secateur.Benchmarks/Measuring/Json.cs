using System.Text.Json.Nodes;

namespace Secateur.Benchmarks.Measuring;

/// <summary>Measurements as JSON.</summary>
internal static class Json
{
    public static JsonObject Of(Spread spread) =>
        new() { ["median"] = Round(spread.Median), ["low"] = Round(spread.Low), ["high"] = Round(spread.High) };

    public static JsonObject Of(Bound bound) =>
        new() { ["bound"] = bound.Name, ["required"] = bound.Required, ["measured"] = bound.Measured, ["holds"] = bound.Holds };

    /// <summary>Five digits say all that a clock knows.</summary>
    public static double Round(double value) => value == 0 ? 0 : Math.Round(value, Math.Clamp(4 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 15));
}
