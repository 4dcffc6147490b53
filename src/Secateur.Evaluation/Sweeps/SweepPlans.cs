using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Secateur.Compression.Tokens;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Planning;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Evaluation.Sweeps;

/// <summary>Brings every method of a sweep to its budgets: the mildest strength of its own family that stays within the multiply-adds. What is found
/// is written at once, and taken from there by the next run. The same network and pictures give the same plans.</summary>
/// <param name="network">The network.</param>
/// <param name="pictures">Adaptive methods are counted on the first that can be read.</param>
/// <param name="manifest">What is measured.</param>
/// <param name="folder">Where the plans lie.</param>
public sealed class SweepPlans(VisionTransformer network, PictureSet pictures, ResultsManifest manifest, ResultsFolder folder)
{
    const string Seed = "seed";

    /// <summary>As many as <see cref="PlanCosts"/> looks at.</summary>
    const int Calibration = 4;

    readonly string tool = $"secateur {manifest.Tool}";
    PlanCosts? costs;

    /// <summary>Prepares a folder: plans all points, and begins or goes on with the results. Other processes that share the folder wait meanwhile.</summary>
    /// <param name="spec">What to measure.</param>
    /// <param name="progress">Told how many points are planned.</param>
    /// <param name="say">Told if another process is waited for.</param>
    /// <param name="cancellation">Stops it; plans that were found stay.</param>
    /// <returns>What the folder holds now, the cells of this sweep (dense first), and the points that no strength brings to their budget.</returns>
    /// <exception cref="InvalidDataException">The folder holds results of something else.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public (ResultsManifest Manifest, ImmutableArray<SweepCell> Cells, ImmutableArray<SweepPoint> Beyond) Prepare(
        SweepSpec spec, IProgress<int>? progress = null, Action<string>? say = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        using var alone = FolderLock.Take(folder, say, cancellation);
        ResultsManifest all = Add(ResultsStart.Require(manifest, folder), SweepCell.Dense);
        ImmutableArray<SweepCell>.Builder cells = ImmutableArray.CreateBuilder<SweepCell>();
        ImmutableArray<SweepPoint>.Builder beyond = ImmutableArray.CreateBuilder<SweepPoint>();
        cells.Add(SweepCell.Dense);
        foreach (SweepPoint point in spec.Points)
        {
            cancellation.ThrowIfCancellationRequested();
            if ((Known(point, all) ?? Find(point, cancellation)) is not { } plan)
                beyond.Add(point);
            else
            {
                cells.Add(new(point.Name, plan) { Method = point.Method.Name, Budget = point.Budget, Seed = point.Seed });
                all = Add(all, cells[^1]);
            }

            progress?.Report(cells.Count - 1 + beyond.Count);
        }

        return (all, cells.ToImmutable(), beyond.ToImmutable());

        ResultsManifest Add(ResultsManifest? there, SweepCell cell) => ResultsStart.Add(there, manifest with { Cells = [cell] }, pictures.Source, folder);
    }

    /// <summary>The same plan with what draws in it told another seed.</summary>
    internal static TokenPlan WithSeed(TokenPlan plan, int seed) => plan with
    {
        Stages = [.. plan.Stages.Select(stage =>
        {
            TokenMethod method = TokenMethods.Of(stage.Reducer);
            JsonObject options = method.Describe(stage.Reducer);
            options[Seed] = seed;
            using JsonDocument json = JsonDocument.Parse(options.ToJsonString());
            return stage with { Reducer = method.Create((method.Name, json.RootElement)) };
        })],
    };

    // Results of these weights and pictures list it. A plan file alone does not say on which pictures it was counted.
    TokenPlan? Known(SweepPoint point, ResultsManifest there) =>
        there.Cells.FirstOrDefault(cell => cell.Name == point.Name)?.Plan is { Origin: { } origin } plan
        && origin.Weights == manifest.Weights && origin.Tool == tool ? plan : null;

    TokenPlan? Find(SweepPoint point, CancellationToken cancellation)
    {
        costs ??= new(network, new FirstPictures(pictures, Calibration), profile: null, batch: 1);
        var family = new PlanFamily("a sweep", 1, strength =>
        {
            TokenPlan plan = point.Method.Family(network.Depth, network.PatchTokens, strength);
            return point.Seed is { } seed ? WithSeed(plan, seed) : plan;
        });
        var budget = new PlanBudget(PlanMeasure.Macs, point.Budget * costs.Dense.Macs);
        if (family.Fitting(network.Blocks).Meet(budget, plan => costs.Of(plan, cancellation)) is not var (found, cost))
            return null;
        return found with
        {
            Name = point.Name,
            Origin = new()
            {
                Architecture = manifest.Architecture.Length <= 200 ? manifest.Architecture : manifest.Architecture[..200],
                Weights = manifest.Weights,
                Tool = tool,
                Seed = point.Seed ?? 0,
                Macs = new((long)Math.Round(cost.Macs), (long)costs.Dense.Macs),
            },
        };
    }
}
