using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Secateur.Compression.Structured;
using Secateur.Evaluation.Structured;
using Secateur.Evaluation.Timing;

namespace Secateur.Benchmarks.Structure;

/// <summary>One network, pruned in one way: what is left of it.</summary>
/// <param name="Scorer">Who scored.</param>
/// <param name="Allocator">Who allocated.</param>
/// <param name="Corrector">Who corrected.</param>
/// <param name="Wanted">The part of multiply-adds that it may have.</param>
/// <param name="Macs">The part that it has, as counted in a run.</param>
/// <param name="Parameters">The part of parameters that it has.</param>
/// <param name="Same">The part of answers that are dense's; NaN for those that answer no classes.</param>
/// <param name="Right">The part of right answers; null without labels.</param>
/// <param name="Divergence">KL, nats.</param>
/// <param name="Speedup">Dense to dense; null where not timed: the same counts are as fast whoever corrects.</param>
internal sealed record StructureCell(
    string Scorer, string Allocator, string Corrector, double Wanted, double Macs, double Parameters, double Same, double? Right, double Divergence, Estimate? Speedup)
{
    /// <summary>Which it is.</summary>
    public string Key => Name(Scorer, Allocator, Corrector, Wanted);

    public static string Name(string scorer, string allocator, string corrector, double wanted) => FormattableString.Invariant($"{scorer}/{allocator}/{corrector}/{wanted}");

    /// <summary>For a table: "88.1 (96.0)": right and same, percent.</summary>
    public string Text => Right is { } right ? FormattableString.Invariant($"{100 * right:0.0} ({100 * Same:0.0})") : FormattableString.Invariant($"{100 * Same:0.0}, KL {Divergence:0.000}");

    public static StructureCell Of(string scorer, string allocator, string corrector, double wanted, double macs, double parameters, NetworkComparison answers, NetworkTiming? timing) =>
        new(scorer, allocator, corrector, wanted, macs, parameters, answers.Same?.Part ?? answers.Correlation, answers.Right?.Part, answers.Divergence ?? double.NaN, timing?.Speedup);

    /// <summary>This one, with the narrower interval of two times.</summary>
    public StructureCell Steadier(StructureCell? earlier) =>
        earlier?.Speedup is { } before && (Speedup is not { } now || before.High - before.Low < now.High - now.Low) ? this with { Speedup = before } : this;

    /// <summary>Sorts as the catalogue lists scorers, allocators and correctors, larger networks first.</summary>
    public (int Scorer, int Allocator, int Corrector, double Less) Place =>
        (Index(StructuredMethods.Scorers, Scorer), Index(StructuredMethods.Allocators, Allocator), Index(StructuredMethods.Correctors, Corrector), -Wanted);

    public JsonObject ToJson() => new()
    {
        ["scorer"] = Scorer,
        ["allocator"] = Allocator,
        ["corrector"] = Corrector,
        ["wanted"] = Wanted,
        ["macs"] = Math.Round(Macs, 5),
        ["parameters"] = Math.Round(Parameters, 5),
        ["same"] = Math.Round(Same, 5),
        ["right"] = Right is { } right ? Math.Round(right, 5) : null,
        ["divergence"] = double.IsFinite(Divergence) ? Math.Round(Divergence, 5) : null,
        ["speedup"] = Speedup is { } speedup ? new JsonArray(Math.Round(speedup.Value, 4), Math.Round(speedup.Low, 4), Math.Round(speedup.High, 4)) : null,
    };

    public static StructureCell Read(JsonNode json) => new(
        (string)json["scorer"]!,
        (string)json["allocator"]!,
        (string)json["corrector"]!,
        (double)json["wanted"]!,
        (double)json["macs"]!,
        (double)json["parameters"]!,
        (double)json["same"]!,
        (double?)json["right"],
        (double?)json["divergence"] ?? double.NaN,
        json["speedup"] is JsonArray { Count: 3 } numbers ? new((double)numbers[0]!, (double)numbers[1]!, (double)numbers[2]!) : null);

    static int Index<T>(ImmutableArray<StructuredMethod<T>> methods, string name) => methods.Select(method => method.Name).ToList().IndexOf(name);
}
