using System.Collections.Immutable;
using Secateur.Models.Images;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Evaluation.Pictures;

/// <summary>What a plan did to one picture: what each stage left, and the answer.</summary>
public sealed class SurvivorTrace
{
    readonly (int Rows, int Columns) grid;
    readonly int prefix;

    SurvivorTrace(VisionTransformer network, ImmutableArray<SurvivorStage> stages, ImmutableArray<float> logits) =>
        (grid, prefix, Stages, Logits) = (network.Grid, network.PrefixTokens, stages, logits);

    /// <summary>In the order in which they acted; empty under <see cref="TokenPlan.Dense"/>.</summary>
    public ImmutableArray<SurvivorStage> Stages { get; }

    /// <summary>The answer, [classes].</summary>
    public ImmutableArray<float> Logits { get; }

    /// <summary>Runs one picture.</summary>
    /// <param name="network">The network.</param>
    /// <param name="plan">Which tokens to compute.</param>
    /// <param name="input">[3, height, width], normalised.</param>
    /// <param name="cancellation">Stops it between blocks.</param>
    /// <returns>What happened.</returns>
    /// <exception cref="ArgumentException">The plan or the input does not fit the network.</exception>
    public static SurvivorTrace Of(VisionTransformer network, TokenPlan plan, ReadOnlySpan<float> input, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(plan);
        var logits = new float[network.Classes];
        var recorder = new Recorder(plan, network.PrefixTokens);
        network.Run(input, 1, logits, plan, recorder, cancellation);
        return new(network, [.. recorder.Stages], [.. logits]);
    }

    /// <summary>The picture, then one panel a stage.</summary>
    /// <param name="seen">What the network saw, any size.</param>
    /// <returns>[stages + 1] pictures of that size.</returns>
    public IReadOnlyList<RgbImage> Panels(RgbImage seen) =>
        SurvivorPicture.Panels(seen, grid, [.. Stages.Select(stage => stage.Decision)], prefix);

    /// <summary>The patches as characters, then as each stage left them.</summary>
    /// <returns>[stages + 1] pictures as <see cref="SurvivorText"/> draws them.</returns>
    public IReadOnlyList<ImmutableArray<string>> Characters() =>
        [.. Stages.Select(stage => stage.Since).Prepend(TokenMap.Identity(prefix + grid.Rows * grid.Columns)).Select(since => SurvivorText.Draw(since, grid, prefix))];

    sealed class Recorder(TokenPlan plan, int prefix) : RunObserver
    {
        public List<SurvivorStage> Stages { get; } = [];

        public override void OnMap(int stage, int sequence, TokenMap map) =>
            Stages.Add(new(plan.Stages[stage], map, Stages.Count == 0 ? map : Stages[^1].Since.Then(map), prefix));
    }
}
