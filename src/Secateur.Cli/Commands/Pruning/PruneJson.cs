using System.Text.Json.Nodes;
using Secateur.Compression.Structured;
using Secateur.Evaluation;
using Secateur.Evaluation.Structured;
using Secateur.Evaluation.Timing;

namespace Secateur.Cli.Commands.Pruning;

/// <summary>What pruning did, as one JSON object for programs.</summary>
internal static class PruneJson
{
    /// <summary>The object.</summary>
    public static JsonObject Of(PruneResult result) => new()
    {
        ["model"] = result.Dense.Architecture,
        ["goal"] = result.Goal,
        ["methods"] = result.How,
        ["calibration"] = result.Calibration,
        ["folder"] = result.Folder,
        ["threads"] = result.Threads,
        ["dense"] = Size(result.Check.Dense, result.Bytes?.Dense),
        ["pruned"] = Size(result.Check.Pruned, result.Bytes?.Pruned),
        ["latency"] = result.Check.Timing is { } timing ? Latency(timing) : null,
        ["blocks"] = new JsonArray([.. result.Plan.Layers.Select((layer, i) => (JsonNode)new JsonObject
        {
            ["heads"] = layer.Heads.Length,
            ["ofHeads"] = result.Dense.Blocks[i].Heads,
            ["neurons"] = layer.Neurons.Length,
            ["ofNeurons"] = result.Dense.Blocks[i].Neurons,
        })]),
        ["answers"] = new JsonArray([.. result.Answers.Select(one => (JsonNode)Answers(one.Data, one.Answers))]),
        ["seconds"] = new JsonObject(result.Seconds.Select(one => KeyValuePair.Create(one.Step == PruningStep.Score ? "scoring" : "correcting", (JsonNode?)Math.Round(one.Seconds, 3)))),
        ["failures"] = new JsonArray([.. result.Check.Failures.Select(failure => (JsonNode)failure)]),
    };

    static JsonObject Size(NetworkSize size, long? bytes) => new() { ["parameters"] = size.Parameters, ["macs"] = Math.Round(size.Macs), ["bytes"] = bytes };

    static JsonObject Latency(NetworkTiming timing) => new()
    {
        ["denseMs"] = Math.Round(timing.Dense.P50, 5),
        ["prunedMs"] = Math.Round(timing.Smaller.P50, 5),
        ["speedup"] = Interval(timing.Speedup),
        ["control"] = Interval(timing.Control),
        ["rounds"] = timing.Rounds,
        ["differs"] = timing.Differs,
    };

    /// <summary>A comparison's numbers; what is not known is left out.</summary>
    internal static JsonObject Answers(string data, NetworkComparison answers)
    {
        var json = new JsonObject { ["data"] = data, ["count"] = answers.Answers, ["correlation"] = Round(answers.Correlation) };
        if (answers.Same is { } same)
            (json["same"], json["divergence"]) = (Part(same), Round(answers.Divergence!.Value));
        if (answers is { DenseRight: { } dense, Right: { } right, Lost: { } lost })
            (json["denseRight"], json["right"], json["lost"]) = (Part(dense), Part(right), Interval(lost));
        return json;
    }

    static JsonObject Part(Proportion part) => new() { ["count"] = part.Count, ["part"] = Round(part.Part), ["low"] = Round(part.Interval.Low), ["high"] = Round(part.Interval.High) };

    static JsonObject Interval(Estimate estimate) => new() { ["value"] = Round(estimate.Value), ["low"] = Round(estimate.Low), ["high"] = Round(estimate.High) };

    static double Round(double number) => Math.Round(number, 6);
}
