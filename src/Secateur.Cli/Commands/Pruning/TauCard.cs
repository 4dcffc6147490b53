using System.Text;
using Secateur.Cli.Commands.Planning;
using Secateur.Evaluation.Planning;
using Secateur.Evaluation.Profiling;
using Secateur.Evaluation.Structured;
using Secateur.Evaluation.Timing;
using Secateur.Models.Vit;

namespace Secateur.Cli.Commands.Pruning;

/// <summary>A model card of a network without some heads and neurons and of the token plan that belongs to it.</summary>
internal static class TauCard
{
    /// <summary>The card, as Markdown.</summary>
    /// <param name="dense">Before.</param>
    /// <param name="pruned">Afterwards.</param>
    /// <param name="answer">What was searched.</param>
    /// <param name="whole">Multiply-adds of the dense network.</param>
    /// <param name="timing">Both in turn; null where nobody timed them.</param>
    /// <param name="check">On pictures that nobody looked at; null for none.</param>
    public static string Of(VisionTransformer dense, VisionTransformer pruned, TauAnswer answer, long whole, NetworkTiming? timing, PlanQuality? check)
    {
        var card = new StringBuilder();
        card.Append($"# {dense.Config.Architecture}, pruned, with a token plan\n\n");
        card.Append($"{(answer.Best.Share == 0 ? "Nothing was taken out" : "Heads and neurons were taken out")} (the licence of the dense network holds for this too), and `{TauPrune.Plan}` says which tokens to compute. Nothing was trained again. Made by {PlanOrigins.Tool}.\n\n");
        card.Append("| | dense | pruned, under its plan |\n|---|---|---|\n");
        card.Append($"| parameters | {NetworkSize.CountParameters(dense):N0} | {NetworkSize.CountParameters(pruned):N0} |\n");
        card.Append($"| multiply-adds of one, as executed | {whole / 1e9:0.0000} G | {answer.Best.Macs / 1e9:0.0000} G ({(double)answer.Best.Macs / whole:0.000}x) |\n");
        if (timing is not null)
            card.Append($"| milliseconds of one (median) | {timing.Dense.P50:0.000} | {timing.Smaller.P50:0.000} |\n\nTimed in turn, {timing.Rounds} rounds, on {DeviceFingerprint.OfThisMachine().Processor} with {dense.Threads.Count} threads: {PruneReport.Speed(timing)}.\n");
        card.Append($"\n## What it answers\n\n- on the pictures that the split was chosen by: {Words(answer.Best.Quality)}\n");
        if (check is { } seen)
            card.Append($"- on pictures that nobody looked at: {Words(seen)}\n");
        card.Append("\n## What stayed\n\n```\n");
        foreach (string line in StructurePicture.Lines(dense, pruned, block => answer.Structure.Layers[block].Heads))
            card.Append(line).Append('\n');
        return card.Append($"```\n\nPatches that enter each block: {string.Join(" ", answer.Best.Counts)}\n").ToString();
    }

    static string Words(PlanQuality quality) =>
        $"{quality.Agreement.Part:0.0%} of {quality.Images} as the dense network, KL {quality.Divergence:0.0000}{(quality.Labelled ? $"; {quality.Accuracy!.Value.Part:0.0%} right, dense {quality.DenseAccuracy!.Value.Part:0.0%}" : "")}";
}
