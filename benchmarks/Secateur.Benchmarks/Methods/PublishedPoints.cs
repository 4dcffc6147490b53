using System.Globalization;
using System.Text;
using Secateur.Benchmarks.Networks;
using Secateur.Compression.Tokens;
using Secateur.Evaluation.Planning;
using Secateur.Kernels;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Benchmarks.Methods;

/// <summary>Points of the literature without training, on the whole of ImageNet's validation set, beside what the same configuration costs here.</summary>
/// <param name="Plan">Our name of the configuration.</param>
/// <param name="Network">On which network.</param>
/// <param name="Accuracy">Published top-1, percent; null where only the drop is.</param>
/// <param name="Drop">Published drop of top-1 against the dense network, points.</param>
/// <param name="Gmac">Published cost, 10^9 multiply-adds; null where none is.</param>
/// <param name="Source">Who published it.</param>
internal sealed record PublishedPoint(string Plan, string Network, double? Accuracy, double Drop, double? Gmac, string Source);

/// <summary>The table of them.</summary>
internal static class PublishedPoints
{
    const string Paper = "Zero-TPrune's project page", Author = "notebook of Zero-TPrune's first author", TailEffect = "tail-effect paper, v1";

    static readonly PublishedPoint[] All =
    [
        new("zero-tprune", "DeiT-S", 79.4, 0.4, 3.08, Paper),
        new("random-drop", "DeiT-S", 76.8, 3, 3.08, Paper),
        new("zero-tprune-early", "DeiT-S", 79.340, 0.486, 3.555, Author),
        new("zero-tprune-early-votes5", "DeiT-S", 79.260, 0.566, 3.555, Author),
        new("zero-tprune-early-gentle", "DeiT-S", 79.702, 0.124, null, Author),
        new("zero-tprune-early-harsh", "DeiT-S", 57.946, 21.88, null, Author),
        new("zero-tprune-early", "DeiT-B", 81.158, 0.636, 13.628, Author),
        new("zero-tprune-early", "DeiT-T", 70.356, 1.78, 0.963, Author),
        new("zero-tprune-early-six", "DeiT-T", 70.778, 1.358, null, Author),
        new("zero-tprune-early-six-deep", "DeiT-T", 68.720, 3.416, 0.849, Author),
        new("tail-effect-r69", "DeiT-S", null, 0.99, null, TailEffect),
        new("tail-effect-r77", "DeiT-S", null, 1.24, null, TailEffect),
        new("tail-effect-r70", "DeiT-B", null, 1.16, null, TailEffect),
        new("top-k-r6", "DeiT-S", null, 0.73, null, TailEffect),
        new("top-k-r15", "DeiT-S", null, 4.30, null, TailEffect),
        new("top-k-r13", "DeiT-B", null, 2.44, null, TailEffect),
        new("tome-r13", "AugReg ViT-S/16", 79.30, 2.11, null, "ToMe's README"),
        new("tome-r13", "AugReg ViT-B/16", 82.60, 1.97, null, "ToMe's README"),
        new("diffrate", "DeiT-S", 79.538, 0.262, 2.9, "DiffRate's released counts"),
    ];

    /// <summary>The table.</summary>
    /// <param name="threads">Who computes.</param>
    /// <param name="judges">Of DeiT-T, one a set of pictures; empty where it is not at hand.</param>
    public static string Table(Threads threads, IReadOnlyList<PlanJudge> judges)
    {
        var networks = new Dictionary<string, VisionTransformer>();
        var table = new StringBuilder("""

            ## Published points without training, ImageNet's 50,000 validation images

            Where a configuration of the literature is a plan here. Drops of top-1 in points are what compares: pictures here are others, and fewer. Trained
            DeiT-S and DeiT-B are not at hand, so that their drops are not repeated; what they cost is counted. The papers count with or without embedding and classifier.

            | plan | network | published top-1 | published drop | drop here | published GMAC | blocks alone | with embedding, classifier | source |
            |---|---|---|---|---|---|---|---|---|

            """);
        foreach (PublishedPoint point in All.Where(point => TokenPlans.All.Any(plan => plan.Name == point.Plan)))
        {
            (TokenPlan plan, string counted) = Counted(point, networks, threads);
            string drop = point.Network == "DeiT-T"
                ? string.Join(", ", judges.Select(judge => FormattableString.Invariant($"{100 * judge.Judge(plan, 0, judge.Pictures.Count).Drop:0.0} of {judge.Pictures.Count}")))
                : "";
            table.AppendLine(CultureInfo.InvariantCulture, $"| {point.Plan} | {point.Network} | {point.Accuracy} | {point.Drop} | {drop} | {point.Gmac} | {counted} | {point.Source} |");
        }

        return table.ToString();
    }

    static (TokenPlan Plan, string Counted) Counted(PublishedPoint point, Dictionary<string, VisionTransformer> networks, Threads threads)
    {
        // The shapes are what counts.
        string shape = point.Network.Replace("AugReg ViT-S/16", "DeiT-S", StringComparison.Ordinal).Replace("AugReg ViT-B/16", "DeiT-B", StringComparison.Ordinal);
        if (!networks.TryGetValue(shape, out VisionTransformer? network))
            networks[shape] = network = DeitNetwork.Named(shape).Load(threads);
        TokenPlan plan = TokenPlans.Named(point.Plan, network.Depth, network.PatchTokens);
        MacCount count = plan.Adaptive ? default : MacCounter.Count(network, plan);
        return (plan, plan.Adaptive ? " | " : FormattableString.Invariant($"{count.Blocks / 1e9:0.000} | {count.Total / 1e9:0.000}"));
    }
}
