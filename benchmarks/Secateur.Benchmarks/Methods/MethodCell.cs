using System.Text.Json.Nodes;
using Secateur.Benchmarks.Measuring;
using Secateur.Compression.Tokens;
using Secateur.Evaluation.Planning;
using Secateur.Evaluation.Timing;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Benchmarks.Methods;

/// <summary>One method at one ratio of multiply-adds.</summary>
/// <param name="Method">Its name.</param>
/// <param name="Wanted">The ratio that was asked for; 1 for the dense network.</param>
/// <param name="Macs">The part of the dense network's multiply-adds that is executed, on the first pictures.</param>
/// <param name="Qualities">What is right and what agrees with the dense network, by set of pictures.</param>
/// <param name="Times">How fast it is, a picture at a time.</param>
internal sealed record MethodCell(string Method, double Wanted, double Macs, IReadOnlyList<PlanQuality> Qualities, PlanTiming Times)
{
    /// <summary>Finds the member of the method's family with this ratio, judges it and times it.</summary>
    /// <returns>Null where the method cannot go so far.</returns>
    public static MethodCell? Measure(Subject subject, TokenMethod method, double ratio, PlanCosts costs, IReadOnlyList<PlanJudge> judges, int rounds)
    {
        VisionTransformer network = subject.Network;
        var family = new PlanFamily(method.Name, 1, strength => method.Family(network.Depth, network.PatchTokens, strength));
        return family.Meet(new(PlanMeasure.Macs, ratio * costs.Dense.Macs), plan => costs.Of(plan)) is { } member
            ? Measure(subject, method.Name, ratio, member.Plan, member.Cost.Macs / costs.Dense.Macs, judges, rounds)
            : null;
    }

    /// <summary>Judges and times a plan.</summary>
    public static MethodCell Measure(Subject subject, string name, double wanted, TokenPlan plan, double macs, IReadOnlyList<PlanJudge> judges, int rounds)
    {
        var timer = new PlanTimer(subject.Network, subject.Pictures[0].Pictures, 1, new() { Rounds = rounds });
        return new(name, wanted, macs, [.. judges.Select(judge => judge.Judge(plan, 0, judge.Pictures.Count))], timer.Measure(plan));
    }

    public string Row => FormattableString.Invariant(
        $"| {Method} | {Wanted:0.0} | {Macs:0.000} | {string.Concat(Qualities.Select(quality => FormattableString.Invariant($"{quality.Accuracy!.Value.Part:0.0%} | {quality.Agreement.Part:0.0%} | ")))}{1000 / Times.Plan.P50:0} | {Times.Speedup.Value:0.00} ({Times.Speedup.Low:0.00} to {Times.Speedup.High:0.00}) |");

    public JsonObject ToJson(Subject subject) => new()
    {
        ["method"] = Method,
        ["wantedMacs"] = Wanted,
        ["macs"] = Json.Round(Macs),
        ["pictures"] = new JsonArray([.. Qualities.Select((quality, i) => (JsonNode)new JsonObject
        {
            ["set"] = subject.Pictures[i].Column,
            ["images"] = quality.Images,
            ["right"] = quality.Right,
            ["denseRight"] = quality.DenseRight,
            ["same"] = quality.Same,
            ["divergence"] = Json.Round(quality.Divergence),
        })]),
        ["milliseconds"] = Json.Round(Times.Plan.P50),
        ["gain"] = Json.Round(Times.Speedup.Value),
        ["gainLower"] = Json.Round(Times.Speedup.Low),
        ["gainUpper"] = Json.Round(Times.Speedup.High),
    };
}
