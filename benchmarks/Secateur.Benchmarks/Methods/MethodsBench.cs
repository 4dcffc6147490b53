using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Secateur.Benchmarks.Measuring;
using Secateur.Compression.Tokens;
using Secateur.Evaluation.Planning;
using Secateur.Kernels;
using Secateur.Models.Tokens;

namespace Secateur.Benchmarks.Methods;

/// <summary>Every token method at the same ratios of multiply-adds: what is still right, what agrees with the dense network, how fast it is.</summary>
internal static class MethodsBench
{
    /// <summary>Arguments: <c>--methods tome,... --ratios 0.9,0.8,0.7,0.6,0.5 --scenes 1000 --threads 2 --rounds 41</c>; without methods, all.</summary>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        var options = new Options(arguments, "--methods", "--ratios", "--scenes", "--threads", "--rounds");
        string[] named = options.Words("--methods");
        double[] ratios = [.. options.Words("--ratios", "0.9", "0.8", "0.7", "0.6", "0.5").Select(ratio => double.Parse(ratio, CultureInfo.InvariantCulture))];
        int rounds = options.Number("--rounds", 41);
        TokenMethod[] methods = named.Length > 0 ? [.. named.Select(TokenMethods.Get)] : [.. TokenMethods.All];
        using var threads = new Threads(options.Number("--threads", 2));
        var others = new OtherPrograms();
        var text = new StringBuilder();
        var data = new JsonObject { ["threads"] = threads.Count };
        PlanJudge[] ofDeit = [];
        foreach (Subject subject in Subject.All(threads, options.Number("--scenes", 1000)))
        {
            PlanJudge[] judges = [.. subject.Pictures.Select(set => new PlanJudge(subject.Network, set.Pictures))];
            if (subject.Name == "DeiT-T")
                ofDeit = judges;
            var costs = new PlanCosts(subject.Network, subject.Pictures[0].Pictures, null, 1);
            List<MethodCell> cells = [MethodCell.Measure(subject, "dense", 1, TokenPlan.Dense, 1, judges, rounds)];
            foreach (TokenMethod method in methods)
                foreach (double ratio in ratios)
                    if (MethodCell.Measure(subject, method, ratio, costs, judges, rounds) is { } cell)
                    {
                        cells.Add(cell);
                        Console.Error.WriteLine(cell.Row);
                    }

            text.Append(Table(subject, cells));
            data[subject.Name] = new JsonArray([.. cells.Select(cell => (JsonNode)cell.ToJson(subject))]);
        }

        text.Append(PublishedPoints.Table(threads, ofDeit));
        if (named.Length == 0)
            Write(text.ToString(), data, threads.Count, others.Share());
        else
            Console.WriteLine(text);
        return 0;
    }

    static string Table(Subject subject, IEnumerable<MethodCell> cells)
    {
        var table = new StringBuilder();
        IEnumerable<string> columns = subject.Pictures.SelectMany(set => (string[])[$"top-1, {set.Pictures.Count} {set.Column}", "agrees with dense"]);
        table.Append(CultureInfo.InvariantCulture, $"""

            ## {subject.Name}

            | method | multiply-adds wanted | executed | {string.Join(" | ", columns)} | images/s | gain over dense |
            |---|---|---|{string.Concat(columns.Select(_ => "---|"))}---|---|

            """);
        foreach (MethodCell cell in cells)
            table.AppendLine(cell.Row);
        return table.ToString();
    }

    static void Write(string tables, JsonObject data, int threads, double? others)
    {
        Machine machine = Machine.This;
        string folder = Path.Combine(Repository.Root, "benchmarks", "results", machine.Slug), date = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "methods.md"), string.Create(CultureInfo.InvariantCulture, $"""
            # Token methods at the same ratios of multiply-adds

            Written by `benchmarks/run methods` on {date}: {machine.Cpu}, {machine.Cores} cores, {machine.Instructions}, {machine.Runtime}. Other programs took {others ?? double.NaN:0.0%} of the cores' time meanwhile.

            Nothing was trained. Each method's own family of plans (places and proportions of its paper) is brought to a part of the dense
            network's multiply-adds, patch embedding and classifier included. Counts that depend on the picture are met on the first pictures.
            Times: a picture at a time, {threads} threads, in turn with dense, medians with 95% intervals. `random-drop`, `dynamic-vit-untrained`, `a-vit-untrained` and `centre-mask`
            are baselines that a method must beat.

            {tables.Trim()}

            """));
        File.WriteAllText(Path.Combine(folder, "methods.json"), data.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
        Console.WriteLine($"Written to {Path.GetRelativePath(Repository.Root, folder)}.");
    }
}
