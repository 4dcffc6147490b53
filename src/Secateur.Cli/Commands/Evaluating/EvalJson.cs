using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Secateur.Evaluation;
using Secateur.Evaluation.Accuracy;
using Secateur.Evaluation.Timing;

namespace Secateur.Cli.Commands.Evaluating;

/// <summary>An evaluation as one JSON object: the first plan's numbers (without a plan the dense network's) at the top, then all of them.</summary>
internal static class EvalJson
{
    static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(Evaluation evaluation)
    {
        JsonObject json = new()
        {
            ["model"] = evaluation.Manifest.Model,
            ["architecture"] = evaluation.Manifest.Architecture,
            ["weights"] = evaluation.Manifest.Weights,
            ["data"] = evaluation.Manifest.Data,
            ["pictures"] = evaluation.Manifest.Pictures,
            ["preprocessing"] = evaluation.Manifest.Preprocessing,
            ["batch"] = evaluation.Manifest.Batch,
            ["partial"] = evaluation.Partial,
            ["imagesPerSecond"] = evaluation.ImagesPerSecond is { } rate ? Math.Round(rate, 2) : null,
        };
        foreach ((string key, JsonNode? value) in Of(evaluation.Plans.Count > 0 ? evaluation.Plans[0] : evaluation.Dense, evaluation))
            json[key] = value?.DeepClone();
        json["dense"] = Of(evaluation.Dense, evaluation);
        json["plans"] = new JsonArray([.. evaluation.Plans.Select(plan => (JsonNode)Of(plan, evaluation))]);
        return json.ToJsonString(Readable);
    }

    static JsonObject Of(EvaluatedCell cell, Evaluation evaluation)
    {
        AccuracySummary summary = cell.Summary;
        JsonObject json = new()
        {
            ["plan"] = cell.Cell.Plan.Name,
            ["cell"] = cell.Cell.Name,
            ["images"] = summary.Images,
            ["bad"] = summary.Bad,
            ["top1"] = summary.Top1?.Part,
            ["top5"] = summary.Top5?.Part,
            ["top1Count"] = summary.Top1?.Count,
            ["top5Count"] = summary.Top5?.Count,
            ["agreement"] = summary.Agreement.Part,
            ["divergence"] = summary.Divergence.Value,
            ["lost"] = summary.Lost?.Value,
            ["mcnemar"] = summary.McNemar,
            ["differs"] = summary.Lost is null ? null : summary.Differs,
            ["intervals"] = new JsonObject
            {
                ["top1"] = Interval(summary.Top1),
                ["top5"] = Interval(summary.Top5),
                ["agreement"] = Interval(summary.Agreement),
                ["divergence"] = Interval(summary.Divergence),
                ["lost"] = Interval(summary.Lost),
            },
            ["macs"] = new JsonObject
            {
                ["total"] = summary.Macs,
                ["blocks"] = summary.Macs - summary.SelectionMacs - evaluation.OuterMacs,
                ["selection"] = summary.SelectionMacs,
                ["ratio"] = summary.MacRatio,
            },
        };
        if (!cell.Cell.IsDense)
        {
            json["regressionCount"] = summary.Regressions.Length;
            json["regressions"] = new JsonArray([.. summary.Regressions.Take(evaluation.Top).Select(one => (JsonNode)Of(one, evaluation.Manifest.Labels))]);
        }

        if (evaluation.PerClass)
            json["classes"] = new JsonArray([.. summary.Classes.Select(one => (JsonNode)Of(one, evaluation.Manifest.Labels))]);
        return json;
    }

    static JsonObject Of(Regression one, ImmutableArray<string> labels) => new()
    {
        ["index"] = one.Index,
        ["name"] = one.Name,
        ["label"] = one.Label >= 0 ? one.Label : null,
        ["labelName"] = Name(one.Label, labels),
        ["dense"] = one.Dense,
        ["denseName"] = Name(one.Dense, labels),
        ["denseProbability"] = one.DenseProbability,
        ["plan"] = one.Plan,
        ["planName"] = Name(one.Plan, labels),
        ["planProbability"] = one.PlanProbability,
    };

    static JsonObject Of(ClassAccuracy one, ImmutableArray<string> labels) => new()
    {
        ["class"] = one.Class,
        ["name"] = Name(one.Class, labels),
        ["images"] = one.Plan.Of,
        ["dense"] = one.Dense.Part,
        ["plan"] = one.Plan.Part,
        ["interval"] = Interval(one.Plan),
    };

    static string? Name(int index, ImmutableArray<string> labels) => index >= 0 && index < labels.Length ? labels[index] : null;

    static JsonArray? Interval(Proportion? part) => part is { } one ? new(one.Interval.Low, one.Interval.High) : null;

    static JsonArray? Interval(Estimate? estimate) => estimate is { } one ? new(one.Low, one.High) : null;
}
