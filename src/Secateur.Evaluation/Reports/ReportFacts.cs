using System.Collections.Immutable;
using Secateur.Evaluation.Timing;
using static Secateur.Evaluation.Reports.ReportWords;

namespace Secateur.Evaluation.Reports;

/// <summary>What was measured, how, and how to do it again: the same words in every form of the report.</summary>
internal static class ReportFacts
{
    /// <summary>The network and the pictures.</summary>
    public static string Title(Report report) => $"{report.Manifest.Architecture} on {report.Manifest.Pictures}";

    /// <summary>What was measured, name by name.</summary>
    public static ImmutableArray<(string Name, string Value)> Of(Report report)
    {
        var manifest = report.Manifest;
        var facts = ImmutableArray.CreateBuilder<(string, string)>();
        facts.Add(("Network", $"{manifest.Architecture}, {Some(manifest.Classes, "class").Replace("classs", "classes")}, weights {Short(manifest.Weights)}"));
        facts.Add(("Dense", $"{Giga(manifest.DenseMacs.Total)} GMACs (papers: GFLOPs), {Giga(manifest.DenseMacs.Blocks)} in the blocks alone"));
        facts.Add(("Pictures", $"{manifest.Pictures}, {(report.Labelled ? "with labels" : "without labels")}, list {Short(manifest.PicturesHash)}{(report.Dense.Accuracy.Bad > 0 ? $"; {Count(report.Dense.Accuracy.Bad)} could not be read" : "")}"));
        facts.Add(("Seen as", manifest.Preprocessing));
        facts.Add(("Compared", $"{Some(report.Plans.Length, "plan")} of {And([.. report.Series.Take(12)])}{(report.Series.Length > 12 ? $" and {report.Series.Length - 12} more" : "")} with the dense network".Replace("0 plans of  with", "nothing yet with")));
        PlanTiming[] timings = [.. report.Rows.Select(row => row.Timing).OfType<PlanTiming>()];
        foreach (string device in timings.Select(timing => $"{timing.Device.Processor}, {Some(timing.Device.Cores, "core")}, {timing.Device.Registers}-bit registers, {timing.Device.System}, {timing.Device.Framework}").Distinct())
            facts.Add(("Timed on", device));
        foreach (string how in timings.Select(timing => $"batch {timing.Batch}, {Some(timing.Threads, "thread")}").Distinct())
            facts.Add(("Timed with", how));
        facts.Add(("Answers", $"{Some(manifest.Batch, "picture")} at once, secateur {manifest.Tool}"));
        return facts.ToImmutable();
    }

    /// <summary>How it was measured.</summary>
    public static ImmutableArray<string> Notes(Report report)
    {
        var notes = ImmutableArray.CreateBuilder<string>();
        notes.Add("Nothing was trained, and every plan answered the same pictures as the dense network, read and resized in the same way.");
        notes.Add("Multiply-adds are counted as they are executed, picture by picture: attention with its two token-by-token products, MLPs, patch embedding and classifier. Papers mostly call this FLOPs and mostly count the blocks alone; both are in the table.");
        notes.Add("Intervals hold the value with 95% confidence, were other pictures of the same kind drawn: of Wilson for a part of the pictures, paired for what is lost against dense, since both saw the same pictures. Where an interval of a difference holds zero, it is called no difference.");
        notes.Add(report.Labelled
            ? "Same answer: the likeliest class is the dense network's, right or wrong. KL: how far the plan's probabilities are from the dense network's, mean over the pictures."
            : "The pictures have no labels, so that nobody knows which answer is right. Same answer: the likeliest class is the dense network's. KL: how far the plan's probabilities are from the dense network's, mean over the pictures.");
        if (report.Rows.Select(row => row.Timing).OfType<PlanTiming>().ToArray() is { Length: > 0 } timings)
        {
            (int least, int most) = (timings.Min(timing => timing.Rounds), timings.Max(timing => timing.Rounds));
            notes.Add($"Each plan was timed in turn with the dense network, {(least == most ? Count(least) : $"{Count(least)} to {Count(most)}")} rounds after warming up, so that a machine that warms up or slows down does so for both. Speed is the dense time over the plan's; it counts as different only beyond what the dense network shows against itself in the same rounds. Decoding of pictures is not part of it.");
        }

        notes.Add("The front holds the plans that no other plan beats in both directions; points on it may still differ by less than the noise.");
        return notes.ToImmutable();
    }

    static string Short(string hash) => hash.Length > 12 ? hash[..12] : hash;
}
