using System.Collections.Immutable;
using System.CommandLine;
using Secateur.Compression.Tokens;
using Secateur.Evaluation.Planning;
using Secateur.Evaluation.Profiling;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Cli.Commands.Planning;

/// <summary>Plans one cut by the tail effect, as its paper does.</summary>
internal sealed class PlanTailEffectCommand : ToolCommand
{
    const string Method = "tail-effect";

    readonly PlanningOptions common = new();
    readonly Option<double> alpha = new("--alpha") { Description = "What latency weighs against accuracy, from 0 to 1. Default: 0.5.", HelpName = "A", DefaultValueFactory = _ => 0.5 };
    readonly Option<int?> stride = new("--stride") { Description = "Look at every Nth number of tokens. Default: 1.", HelpName = "N" };
    readonly Option<bool> compatibility = new("--compatibility")
    {
        Description = "As the released code instead of the paper: random removal before the first block rather than after it, and R smaller by two.",
    };

    /// <summary>The command.</summary>
    public PlanTailEffectCommand()
        : base(
            "tail-effect",
            "Plans one cut at 25% of the depth: how many tokens stay is where latency, measured, and accuracy under random removal are worth most together.",
            "secateur plan tail-effect scenes-vit",
            "secateur plan tail-effect scenes-vit --profile profile.json --alpha 0.3 --images scenes:64 -o cut.json")
    {
        CommonOptions.AtLeast(stride, 1);
        alpha.Validators.Add(result =>
        {
            if (result.Tokens is [var word] && double.TryParse(word.Value, out double value) && value is not (>= 0 and <= 1))
                result.AddError($"--alpha must be from 0 to 1, not {value}.");
        });
        common.AddTo(this);
        foreach (Option option in (Option[])[alpha, stride, compatibility])
            Add(option);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        ITokenReducer reducer = (TokenMethods.All.FirstOrDefault(method => method.Name == Method)
            ?? throw new UsageException($"the catalogue has no method '{Method}' that could cut; see secateur methods.")).Create();
        PlanningInput input = common.Load(arguments, terminal).Profiled(terminal, cancellation);
        LatencyProfile profile = input.Profile!;
        VisionTransformer network = input.Network;
        bool asReleased = arguments.GetValue(compatibility);
        var judge = new PlanJudge(network, input.Pictures);
        var proxy = new TailEffectProxy(network, judge, input.Seed, asReleased);

        // n falls from every token (as released: from as many as there are patches) to one patch.
        int most = asReleased ? network.PatchTokens : network.PrefixTokens + network.PatchTokens, step = arguments.GetValue(stride) ?? 1;
        int count = ((most - network.PrefixTokens - 1) / step) + 1;
        var points = ImmutableArray.CreateBuilder<TailEffectPoint>(count);
        using (var progress = new ProgressLine(terminal, "numbers of tokens", count))
            for (int tokens = most; tokens > network.PrefixTokens; tokens -= step)
            {
                points.Add(new(tokens, profile.Latency(input.Batch, tokens), TailEffectProxy.Accuracy(proxy.At(tokens, cancellation))));
                progress.Report(points.Count);
            }

        ImmutableArray<TailEffectUtility> utilities = TailEffect.Utilities(points, arguments.GetValue(alpha));
        TailEffectUtility best = TailEffect.Best(utilities);
        int remove = TailEffect.PatchesToPrune(best.Point.Tokens, network.PatchTokens, network.PrefixTokens, asReleased);
        var plan = new TokenPlan($"{Method}, {remove} patches", remove == 0 ? [] : [TailEffect.Stage(network.Depth, remove, reducer)]);
        var costs = new PlanCosts(network, input.Pictures, profile, input.Batch);
        PlanCost cost = costs.Of(plan, cancellation);
        PlanQuality quality = judge.Judge(plan, 0, input.Pictures.Count, cancellation);
        TokenPlanFile.Save(plan with { Origin = PlanOrigins.Origin(input, cost, costs.Dense, quality, input.Pictures.Name) }, input.Output);
        new TailEffectReport(terminal, input, utilities, best, arguments.GetValue(alpha), remove).Write(cost, costs.Dense, quality);
        terminal.Say(remove == 0
            ? $"every token is worth most here; the dense plan is written to {input.Output}"
            : $"{remove} of {network.PatchTokens} patches go after the attention of block {network.Depth / 4}; written to {input.Output}");
        return remove == 0 ? ExitCode.No : ExitCode.Done;
    }
}
