using System.Text;
using System.Text.Json.Nodes;
using Secateur.Benchmarks.Measuring;
using Secateur.Benchmarks.Networks;
using Secateur.Compression.Tokens;
using Secateur.Kernels;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Benchmarks.Pruning;

/// <summary>What every token method's plan wins on our own engine, and what its decisions cost.</summary>
internal static class PruningBench
{
    /// <summary>Arguments: <c>--network DeiT-S --plans zero-tprune,... --threads 2 --rounds 75</c>; without plans, the default plan of every method.</summary>
    public static Section Run(ReadOnlySpan<string> arguments)
    {
        var options = new Options(arguments, "--network", "--plans", "--threads", "--rounds");
        DeitNetwork network = DeitNetwork.Named(options.Words("--network", "DeiT-S")[0]);
        int threads = options.Number("--threads", 2), rounds = options.Number("--rounds", 75);
        using var pool = new Threads(threads);
        VisionTransformer model = network.Load(pool);
        string[] named = options.Words("--plans");
        (TokenMethod? Method, TokenPlan Plan)[] plans = named.Length > 0
            ? [.. named.Select(name => (MethodOf(TokenPlans.Resolve(name, model.Depth, model.PatchTokens)), TokenPlans.Resolve(name, model.Depth, model.PatchTokens)))]
            : [.. TokenMethods.All.Select(method => ((TokenMethod?)method, method.DefaultPlan(model.Depth, model.PatchTokens)))];

        var bounds = new List<Bound>();
        var table = new StringBuilder("""
            | plan | multiply-adds, dense over pruned | wall-clock gain over dense | gain over ratio | selection's share | deciding alone | attention's extra yield |
            |---|---|---|---|---|---|---|

            """);
        var data = new JsonArray();
        foreach ((TokenMethod? method, TokenPlan plan) in plans)
        {
            PrunedRun run = PrunedRun.Measure(model, plan, rounds);
            bounds.AddRange(run.Bounds($"{network.Name} batch 1, {plan.Name}, {threads} threads", method is { Clusters: true } ? 0.10 : 0.02));
            table.AppendLine(run.Row);
            data.Add((JsonNode)run.ToJson());
            Console.Error.WriteLine(run.Row);
        }

        return new($"Token methods on {network.Name}", bounds, table.ToString(), new JsonObject { ["network"] = network.Name, ["threads"] = threads, ["plans"] = data });
    }

    static TokenMethod? MethodOf(TokenPlan plan) => plan.Stages.Length > 0 ? TokenMethods.Of(plan.Stages[0].Reducer) : null;
}
