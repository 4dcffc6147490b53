using System.Collections.Immutable;
using Secateur.Compression.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Evaluation.Planning;

/// <summary>Searches for the plans that answer best within a budget. The same seed, pictures and profile give the same candidates with the
/// same scores: nothing here is timed.</summary>
/// <param name="options">How wide.</param>
/// <param name="costs">What plans cost.</param>
/// <param name="judge">How well they answer.</param>
public sealed class PlanSearch(PlanSearchOptions options, PlanCosts costs, PlanJudge judge)
{
    /// <summary>Part of the candidates that Zero-TPrune's own search draws.</summary>
    const int MonteCarloOf = 4;

    /// <summary>Neighbours are drawn of the best 1 of this many.</summary>
    const int ParentsOf = 4;

    readonly Dictionary<int, PlanCandidate> known = [];
    readonly HashSet<string> seen = [];
    int judged;

    /// <summary>Every candidate of the last search so far, in the order in which they were made.</summary>
    public IEnumerable<PlanCandidate> Known => known.Values.OrderBy(candidate => candidate.Number);

    /// <summary>Methods of the last search whose strongest plan costs more than its budget.</summary>
    public ImmutableArray<string> Beyond { get; private set; } = [];

    /// <summary>The best candidate so far of those who have seen most pictures; null before there is one.</summary>
    public PlanCandidate? Best => known.Values.OrderByDescending(one => one.Quality.Images).ThenBy(one => one.Quality.Divergence).ThenBy(one => one.Number).FirstOrDefault();

    /// <summary>How many pictures a search runs through the network at most; what its progress counts.</summary>
    public int Work
    {
        get
        {
            int work = 0, before = 0;
            foreach ((int count, int images) in Rounds)
            {
                work += count * (images - before);
                before = images;
            }

            return work;
        }
    }

    ImmutableArray<(int Candidates, int Images)> Rounds =>
        SuccessiveHalving.Rounds(Math.Max(options.Candidates, options.Methods.Length), options.Finalists, judge.Pictures.Count);

    /// <summary>Searches.</summary>
    /// <param name="budget">What a plan may cost.</param>
    /// <param name="progress">Told how many pictures were run.</param>
    /// <param name="cancellation">Stops it; what is known stays.</param>
    /// <returns>The finalists, judged on all pictures, the best first; empty where no method meets the budget.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public ImmutableArray<PlanCandidate> Run(PlanBudget budget, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        known.Clear();
        seen.Clear();
        judged = 0;
        VisionTransformer network = costs.Network;
        var random = new Random(options.Seed);
        ImmutableArray<(int Candidates, int Images)> rounds = Rounds;
        (int wanted, int first) = rounds[0];

        // 1. Every method's own family, at the strength that meets the budget.
        List<string> beyond = [];
        foreach (TokenMethod method in options.Methods)
            if (!Add(new("its own family", 1, strength => method.Family(network.Depth, network.PatchTokens, strength) with { Name = method.Name })))
                beyond.Add(method.Name);
        Beyond = [.. beyond];

        // 2. Zero-TPrune's draws.
        if (options.Methods.Contains(MonteCarlo.Method) && network.Depth > 1)
            for (int i = 0; i < wanted / MonteCarloOf && known.Count < wanted; i++)
                Add(MonteCarlo.Draw(network.Depth, network.PatchTokens, random));

        // 3. Neighbours of the best so far, until there are enough; some draws give what is there already.
        for (int draw = 0; known.Count > 0 && known.Count < wanted && draw < 4 * wanted; draw++)
        {
            PlanCandidate[] best = [.. PlanCandidate.Rank(known.Values)];
            PlanCandidate parent = best[random.Next(Math.Max(1, best.Length / ParentsOf))];
            if (PlanMutation.Draw(parent.Plan, network.Depth, network.PatchTokens, random) is { } neighbour)
                Add(neighbour with { Made = $"of {parent.Number}: {neighbour.Made}" });
        }

        // 4. Fewer and fewer see more and more.
        return SuccessiveHalving.Run(known.Values.ToArray(), rounds, Judge, PlanCandidate.Rank);

        bool Add(PlanFamily family)
        {
            cancellation.ThrowIfCancellationRequested();
            if (family.Fitting(network.Blocks).Meet(budget, plan => costs.Of(plan, cancellation)) is not { } member)
                return false;
            if (member.Plan.Stages.Length > 0 && seen.Add(TokenPlanFile.Print(member.Plan)))
                Judge(new(known.Count, family, member.Plan, member.Cost, default), first);
            return true;
        }

        PlanCandidate Judge(PlanCandidate candidate, int images)
        {
            int more = images - candidate.Quality.Images;
            if (more > 0)
                candidate = candidate with { Quality = candidate.Quality + judge.Judge(candidate.Plan, candidate.Quality.Images, more, cancellation) };
            known[candidate.Number] = candidate;
            judged += Math.Max(0, more);
            progress?.Report(judged);
            return candidate;
        }
    }
}
