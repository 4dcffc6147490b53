using System.Globalization;
using System.Text.Json.Nodes;
using Secateur.Models;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Onnx.Export;
using Secateur.Onnx.Verify;

namespace Secateur.Cli.Commands.Exporting;

/// <summary>All that is known at the end.</summary>
/// <param name="Model">What was written.</param>
/// <param name="Network">What it was made of.</param>
/// <param name="Plan">What it was made with.</param>
/// <param name="Check">What running it showed; null where it was not run.</param>
/// <param name="Calibration">What it was run on besides noise; null for nothing.</param>
/// <param name="Files">The files in their places; none where they were not kept.</param>
internal sealed record ExportResult(OnnxModel Model, Transformer Network, TokenPlan Plan, OnnxCheckResult? Check, string? Calibration, IReadOnlyList<(string Path, long Bytes)> Files);

/// <summary>An export in words and as JSON.</summary>
internal static class ExportReport
{
    /// <summary>In words.</summary>
    public static void Write(TextWriter to, ExportResult result)
    {
        foreach ((string path, long bytes) in result.Files)
            to.WriteLine(Invariant($"{path}  {bytes / 1e6:0.0} MB"));
        to.WriteLine($"{result.Network.Architecture}, plan {result.Plan.Name}: opset {result.Model.Opset}, {result.Model.Nodes} nodes{Macs(result)}");
        to.WriteLine($"takes {string.Join("; ", result.Model.Inputs)}");
        to.WriteLine($"gives {string.Join("; ", result.Model.Outputs)}");
        if (result.Check is not { } check)
        {
            to.WriteLine("not checked (--no-verify)");
            return;
        }

        string what = result.Network is VisionTransformer ? "pictures" : "texts";
        to.WriteLine(Invariant($"{(check.Passed ? "checked" : "FAILED")} in ONNX Runtime {check.Runtime} on {check.Inputs} {what}, {(result.Calibration is { } data ? $"{data} and noise" : "of noise alone (--calibrate names others)")}:"));
        if (check.Decisions > 0)
            to.WriteLine($"  {check.Decisions} decisions about tokens were compared one by one: {(check.Failures.IsEmpty ? check.Ties.IsEmpty ? "all the same" : $"the same but for {check.Ties.Length} ties" : $"{check.Ties.Length} ties, {check.Failures.Length} failures")}");
        to.WriteLine(Invariant($"  answers to {check.Answers} of {check.Inputs} differ from our engine's by {check.LargestDifference:0.0e+0} at most, and {check.Tolerance:0e+0} is allowed"));
        foreach (string tie in check.Ties)
            to.WriteLine($"  {tie}");
        foreach (string failure in check.Failures)
            to.WriteLine($"  {failure}");
    }

    /// <summary>For programs.</summary>
    public static JsonObject Json(ExportResult result)
    {
        var json = new JsonObject
        {
            ["files"] = new JsonArray([.. result.Files.Select(file => (JsonNode)new JsonObject { ["path"] = file.Path, ["bytes"] = file.Bytes })]),
            ["architecture"] = result.Network.Architecture,
            ["plan"] = result.Plan.Name,
            ["opset"] = result.Model.Opset,
            ["nodes"] = result.Model.Nodes,
            ["inputs"] = Texts(result.Model.Inputs),
            ["outputs"] = Texts(result.Model.Outputs),
        };
        if (result.Network is VisionTransformer network)
            json["macs"] = new JsonObject { ["plan"] = MacCounter.Count(network, result.Plan).Total, ["dense"] = MacCounter.Count(network, TokenPlan.Dense).Total };
        json["check"] = result.Check is not { } check ? null : new JsonObject
        {
            ["passed"] = check.Passed,
            ["runtime"] = check.Runtime,
            ["data"] = result.Calibration,
            ["inputs"] = check.Inputs,
            ["decisions"] = check.Decisions,
            ["answers"] = check.Answers,
            ["largestDifference"] = double.IsFinite(check.LargestDifference) ? check.LargestDifference : null,
            ["tolerance"] = check.Tolerance,
            ["ties"] = Texts(check.Ties),
            ["failures"] = Texts(check.Failures),
        };
        return json;
    }

    static string Macs(ExportResult result)
    {
        if (result.Plan.Stages.IsEmpty || result.Network is not VisionTransformer network)
            return "";
        double part = (double)MacCounter.Count(network, result.Plan).Total / MacCounter.Count(network, TokenPlan.Dense).Total;
        return Invariant($", {part:0.00}x of the dense network's multiply-adds");
    }

    static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)text)];

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
