using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Secateur.Evaluation.Accuracy;
using Secateur.Evaluation.Timing;

namespace Secateur.Cli.Commands.Evaluating;

/// <summary>An evaluation on texts as one JSON object.</summary>
internal static class EvalTextsJson
{
    static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(TextEvaluation evaluation)
    {
        TextSummary summary = evaluation.Summary;
        AccuracySummary? classes = summary.Classes;
        bool compared = evaluation.Against is not null;
        JsonObject json = new()
        {
            ["model"] = evaluation.Model,
            ["architecture"] = evaluation.Network.Architecture,
            ["against"] = evaluation.Against,
            ["data"] = evaluation.Data,
            ["texts"] = evaluation.Answers.Tokens.Length,
            ["bad"] = evaluation.Answers.Table.Bad.Length,
            ["tokens"] = new JsonObject { ["mean"] = evaluation.MeanTokens, ["longest"] = evaluation.MostTokens, ["cut"] = evaluation.Answers.Cut },
            ["textsPerSecond"] = Math.Round(evaluation.TextsPerSecond, 2),
            ["accuracy"] = classes?.Top1?.Part,
            ["right"] = classes?.Top1?.Count,
            ["f1"] = Number(summary.F1),
            ["matthews"] = Number(summary.Matthews),
            ["pearson"] = Number(summary.Pearson),
            ["spearman"] = Number(summary.Spearman),
            ["agreement"] = compared ? classes?.Agreement.Part : null,
            ["divergence"] = compared ? Number(classes?.Divergence) : null,
            ["distance"] = Number(summary.Distance),
            ["accuracyAgainst"] = compared ? classes?.DenseTop1?.Part : null,
            ["lost"] = compared ? Number(classes?.Lost ?? summary.PearsonLost) : null,
            ["mcnemar"] = compared ? classes?.McNemar : null,
            ["differs"] = compared && classes?.Lost is not null ? classes.Differs : null,
            ["intervals"] = new JsonObject
            {
                ["accuracy"] = classes?.Top1 is { } top ? new JsonArray(top.Interval.Low, top.Interval.High) : null,
                ["f1"] = Interval(summary.F1),
                ["matthews"] = Interval(summary.Matthews),
                ["pearson"] = Interval(summary.Pearson),
                ["spearman"] = Interval(summary.Spearman),
                ["agreement"] = compared && classes is not null ? new JsonArray(classes.Agreement.Interval.Low, classes.Agreement.Interval.High) : null,
                ["divergence"] = compared ? Interval(classes?.Divergence) : null,
                ["distance"] = Interval(summary.Distance),
                ["lost"] = compared ? Interval(classes?.Lost ?? summary.PearsonLost) : null,
            },
            ["macs"] = new JsonObject { ["total"] = summary.Macs, ["ratio"] = summary.OtherMacs is { } other ? summary.Macs / other : null },
        };
        if (evaluation.PerClass && classes is not null)
            json["classes"] = new JsonArray([.. classes.Classes.Select(one => (JsonNode)new JsonObject
            {
                ["class"] = one.Class,
                ["name"] = evaluation.ClassName(one.Class),
                ["texts"] = one.Plan.Of,
                ["accuracy"] = one.Plan.Part,
                ["interval"] = new JsonArray(one.Plan.Interval.Low, one.Plan.Interval.High),
            })]);
        if (compared && classes is not null)
        {
            json["regressionCount"] = classes.Regressions.Length;
            json["regressions"] = new JsonArray([.. classes.Regressions.Take(evaluation.Top).Select(one => (JsonNode)new JsonObject
            {
                ["line"] = evaluation.Answers.Table.Rows[one.Index].Line,
                ["text"] = evaluation.Answers.Table.Rows[one.Index].Text,
                ["label"] = one.Label >= 0 ? evaluation.ClassName(one.Label) : null,
                ["against"] = evaluation.ClassName(one.Dense),
                ["answer"] = evaluation.ClassName(one.Plan),
                ["probability"] = one.PlanProbability,
            })]);
        }

        return json.ToJsonString(Readable);
    }

    /// <summary>JSON has no NaN: a correlation with what never changes is null.</summary>
    static double? Number(Estimate? estimate) => estimate is { } one && double.IsFinite(one.Value) ? one.Value : null;

    static JsonArray? Interval(Estimate? estimate) => estimate is { } one && double.IsFinite(one.Low) && double.IsFinite(one.High) ? new(one.Low, one.High) : null;
}
