using System.Collections.Immutable;
using System.CommandLine;
using Secateur.Cli.Commands.Runtimes;
using Secateur.Compression.Tokens;
using Secateur.Evaluation.Planning;
using Secateur.Evaluation.Timing;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Onnx.Serving;

namespace Secateur.Cli.Commands.Planning;

/// <summary>Plans one cut by the tail effect, as its paper does.</summary>
internal sealed class PlanTailEffectCommand : ToolCommand
{
    const string Method = "tail-effect";

    readonly PlanningOptions common = new();
    readonly Option<double> alpha = new("--alpha") { Description = "What latency weighs against accuracy, from 0 to 1. Default: 0.5.", HelpName = "A", DefaultValueFactory = _ => 0.5 };
    readonly Option<int?> stride = new("--stride") { Description = "Look at every Nth number of tokens. Default: 1.", HelpName = "N" };
    readonly Option<int?> rounds = new("--rounds") { Description = "Timed rounds of the plan in turn with the dense network. Default: 50.", HelpName = "N" };
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
        CommonOptions.AtLeast(rounds, 1);
        alpha.Validators.Add(result =>
        {
            if (result.Tokens is [var word] && double.TryParse(word.Value, out double value) && value is not (>= 0 and <= 1))
                result.AddError($"--alpha must be from 0 to 1, not {value}.");
        });
        common.AddTo(this);
        foreach (Option option in (Option[])[alpha, stride, rounds, compatibility])
            Add(option);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        ITokenReducer reducer = (TokenMethods.All.FirstOrDefault(method => method.Name == Method)
            ?? throw new UsageException($"the catalogue has no method '{Method}' that could cut; see secateur methods.")).Create();
        PlanningInput input = common.Load(arguments, terminal).Profiled(terminal, cancellation);
        VisionTransformer network = input.Network;
        using OnnxRuntimeRunner? elsewhere = RuntimeOptions.RunnerOf(input.Profile, network, terminal);
        input = elsewhere is null ? input : input with { Runtime = elsewhere.Runtime };
        bool asReleased = arguments.GetValue(compatibility);
        var judge = new PlanJudge(network, input.Pictures);
        var proxy = new TailEffectProxy(network, judge, input.Seed, asReleased);

        ImmutableArray<TailEffectPoint> points = Points(input, proxy, asReleased ? 0 : network.PrefixTokens, arguments.GetValue(stride) ?? 1, terminal, cancellation);
        ImmutableArray<TailEffectUtility> utilities = TailEffect.Utilities(points, arguments.GetValue(alpha));
        TailEffectUtility best = TailEffect.Best(utilities);
        int remove = TailEffect.PatchesToPrune(best.Point.Tokens, network.PatchTokens, network.PrefixTokens, asReleased);
        var plan = new TokenPlan($"{Method}, {remove} patches", remove == 0 ? [] : [TailEffect.Stage(network.Depth, remove, reducer)]).Fitting(network.Blocks);
        var costs = new PlanCosts(network, input.Pictures, input.Profile, input.Batch);
        PlanCost cost = costs.Of(plan, cancellation);
        PlanQuality quality = judge.Judge(plan, 0, input.Pictures.Count, cancellation);
        PlanTiming? times = plan.Stages.IsEmpty ? null : new PlanTimer(network, input.Pictures, input.Batch, new() { Rounds = arguments.GetValue(rounds) ?? 50, Seed = input.Seed }, elsewhere).Measure(plan, null, cancellation);
        cancellation.ThrowIfCancellationRequested();
        bool worth = times is { Faster: true };
        TokenPlanFile.Save(worth ? PlanOrigins.Of(plan, cost, costs.Dense, quality, times!, input) : PlanOrigins.Dense(costs.Dense, input), input.Output);
        new TailEffectReport(terminal, input, utilities, best, arguments.GetValue(alpha), plan).Write(cost, costs.Dense, quality, times);
        terminal.Say(times switch
        {
            null => $"every token is worth most here; the dense plan is written to {input.Output}",
            _ when worth => $"{remove} of {network.PatchTokens} patches go after the attention of block {plan.Stages[0].Block}; {times.Speedup.Value:0.00}x as fast as dense; written to {input.Output}",
            _ => $"without {remove} of {network.PatchTokens} patches the network is not faster than dense on this device by more than the noise ({times.Speedup.Value:0.00}x, {times.Speedup.Low:0.00} to {times.Speedup.High:0.00}); the dense plan is written to {input.Output}",
        });
        return worth ? ExitCode.Done : ExitCode.No;
    }

    /// <summary>n falls from every token (as released: from as many as there are patches) to one patch.</summary>
    static ImmutableArray<TailEffectPoint> Points(PlanningInput input, TailEffectProxy proxy, int besides, int step, Terminal terminal, CancellationToken cancellation)
    {
        int prefix = input.Network.PrefixTokens, most = input.Network.PatchTokens + besides, count = ((most - prefix - 1) / step) + 1;
        var points = ImmutableArray.CreateBuilder<TailEffectPoint>(count);
        using var progress = new ProgressLine(terminal, "numbers of tokens", count);
        for (int tokens = most; tokens > prefix; tokens -= step)
        {
            points.Add(new(tokens, input.Profile!.Latency(input.Batch, tokens), TailEffectProxy.Accuracy(proxy.At(tokens, cancellation))));
            progress.Report(points.Count);
        }

        return points.MoveToImmutable();
    }
}
