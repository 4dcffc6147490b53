using System.Globalization;
using Secateur.Evaluation.Timing;

namespace Secateur.Evaluation.Reports;

/// <summary>Numbers as people read them; the same in every form of the report.</summary>
internal static class ReportWords
{
    /// <summary>"98.9%".</summary>
    public static string Percent(double part) => Invariant($"{part * 100:0.0}%");

    /// <summary>"70%": for what was asked for.</summary>
    public static string Whole(double part) => Invariant($"{part * 100:0.##}%");

    /// <summary>"98.0 to 99.4%".</summary>
    public static string Interval((double Low, double High) interval) => Invariant($"{interval.Low * 100:0.0} to {interval.High * 100:0.0}%");

    /// <summary>Points of accuracy with a sign that is a minus: "−0.3", "+1.2", "0.0".</summary>
    public static string Points(double difference)
    {
        double points = Math.Round(difference * 100, 1);
        return points == 0 ? "0.0" : Invariant($"{(points > 0 ? "+" : "−")}{Math.Abs(points):0.0}");
    }

    /// <summary>"−0.2 to +0.8".</summary>
    public static string Points(Estimate difference) => $"{Points(difference.Low)} to {Points(difference.High)}";

    /// <summary>"1.25×".</summary>
    public static string Times(double ratio) => Invariant($"{ratio:0.00}×");

    /// <summary>"1.22 to 1.27×".</summary>
    public static string Times(Estimate ratio) => Invariant($"{ratio.Low:0.00} to {ratio.High:0.00}×");

    /// <summary>Billions of multiply-adds, three digits: "1.25", "0.354".</summary>
    public static string Giga(double macs) => (macs / 1e9).ToString(macs >= 1e10 ? "0.0" : macs >= 1e9 ? "0.00" : "0.000", CultureInfo.InvariantCulture);

    /// <summary>Milliseconds without their unit, three digits.</summary>
    public static string Milliseconds(double value) => value.ToString(value >= 100 ? "0" : value >= 10 ? "0.0" : value >= 1 ? "0.00" : "0.000", CultureInfo.InvariantCulture);

    /// <summary>A whole number with thin groups: "3,925".</summary>
    public static string Count(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A divergence, three digits: "0.0123".</summary>
    public static string Nats(double value) => value.ToString(value >= 1 ? "0.00" : value >= 0.1 ? "0.000" : "0.0000", CultureInfo.InvariantCulture);

    /// <summary>A name inside a sentence; backticks set it apart.</summary>
    public static string Name(string name) => $"`{name.Replace('`', '\'')}`";

    /// <summary>"a, b and c".</summary>
    public static string And(IReadOnlyList<string> words) => words.Count <= 1 ? string.Concat(words) : $"{string.Join(", ", words.SkipLast(1))} and {words[^1]}";

    /// <summary>"1 plan", "3 plans".</summary>
    public static string Some(int count, string what) => $"{Count(count)} {what}{(count == 1 ? "" : "s")}";

    static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
