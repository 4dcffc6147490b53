using System.Collections.Immutable;
using System.CommandLine;
using Secateur.Cli.Commands.Runtimes;
using Secateur.Compression.Tokens;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Planning;
using Secateur.Onnx.Serving;

namespace Secateur.Cli.Commands.Planning;

/// <summary>Searches for the best plan within a budget.</summary>
internal sealed class PlanBudgetCommand : ToolCommand
{
    readonly PlanningOptions common = new();
    readonly PlanGoalText goals = new();
    readonly Option<string?> methods = new("--methods") { Description = "Methods to choose from, with commas between (secateur methods lists them). Default: all.", HelpName = "A,B,..." };
    readonly Option<int?> candidates = new("--candidates") { Description = "Plans to look at. Default: 64.", HelpName = "N" };
    readonly Option<int?> rounds = new("--rounds") { Description = "Timed rounds of each finalist in turn with the dense network. Default: 50.", HelpName = "N" };

    /// <summary>The command.</summary>
    public PlanBudgetCommand()
        : base(
            "budget",
            "Searches methods, places and counts for the plan that answers best within a budget on this device, and says so where none is worth it.",
            "secateur plan budget scenes-vit --macs 0.65x",
            "secateur plan budget scenes-vit --latency 0.7x --profile profile.json -o fast.json",
            "secateur plan budget ./deit --max-drop 1% --images photographs/ --methods tome,zero-tprune --json")
    {
        CommonOptions.AtLeast(candidates, 1);
        CommonOptions.AtLeast(rounds, 1);
        common.AddTo(this);
        foreach (Option option in (Option[])[.. goals.All, methods, candidates, rounds])
            Add(option);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        PlanGoal goal = goals.Of(arguments);
        ImmutableArray<TokenMethod> chosen = Methods(arguments.GetValue(methods));
        PlanningInput input = common.Load(arguments, terminal);
        if (goal.IsLatency)
            input = input.Profiled(terminal, cancellation);
        using OnnxRuntimeRunner? elsewhere = RuntimeOptions.RunnerOf(input.Profile, input.Network, terminal);
        if (elsewhere is not null)
        {
            chosen = Exportable(chosen, input, terminal);
            input = input with { Runtime = elsewhere.Runtime };
        }

        (PictureSample search, PictureSample heldOut) = PictureSample.Halves(input.Pictures, input.Seed);
        var defaults = new PlanSearchOptions();
        PlanSearchOptions options = defaults with
        {
            Methods = chosen,
            Candidates = arguments.GetValue(candidates) ?? defaults.Candidates,
            Rounds = arguments.GetValue(rounds) ?? defaults.Rounds,
            Seed = input.Seed,
        };
        var planner = new Planner(options, new(input.Network, search, input.Profile, input.Batch), search, heldOut, elsewhere);
        PlanAnswer answer;
        ProgressLine? line = null;
        try
        {
            answer = planner.Run(goal, Stage, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested && planner.Search.Best is { } best)
        {
            // What is known is kept: a plan that was timed, or else the best of the search.
            line?.Dispose();
            MeasuredPlan? timed = PlanAnswer.Of(goal, planner.Measured, []).Chosen;
            TokenPlanFile.Save(timed is null ? PlanOrigins.Of(best, planner.Costs.Dense, input, search) : PlanOrigins.Of(timed, planner.Costs.Dense, input, heldOut), input.Output);
            terminal.Say($"cancelled; the best plan so far, {(timed is null ? "not timed yet" : "timed")}, is in {input.Output}");
            return ExitCode.Cancelled;
        }
        finally
        {
            line?.Dispose();
        }

        TokenPlanFile.Save(answer.Chosen is { } plan ? PlanOrigins.Of(plan, planner.Costs.Dense, input, heldOut) : PlanOrigins.Dense(planner.Costs.Dense, input), input.Output);
        new PlanReport(terminal, input, goal, answer, planner, search, heldOut).Write();
        return answer.Reached ? ExitCode.Done : ExitCode.No;

        ProgressLine Stage(string what, int total)
        {
            line?.Dispose();
            return line = new(terminal, what, total);
        }
    }

    /// <summary>The methods that the other runtime can run.</summary>
    static ImmutableArray<TokenMethod> Exportable(ImmutableArray<TokenMethod> methods, PlanningInput input, Terminal terminal)
    {
        ILookup<bool, TokenMethod> can = methods.ToLookup(method => OnnxRuntimeRunner.WhyNot(method.DefaultPlan(input.Network.Depth, input.Network.PatchTokens)) is null);
        if (can[false].Any())
            terminal.Say($"left out, since they cannot be graphs: {string.Join(", ", can[false].Select(method => method.Name))}");
        return can[true].Any() ? [.. can[true]] : throw new UsageException("--methods: none of these can be a graph; choose others, such as zero-tprune.");
    }

    static ImmutableArray<TokenMethod> Methods(string? named)
    {
        if (named is null)
            return TokenMethods.All;
        return [.. named.Split(',', StringSplitOptions.TrimEntries).Distinct().Select(name => TokenMethods.All.FirstOrDefault(method => method.Name == name)
            ?? throw new UsageException($"--methods: there is no method '{name}'; choose from {string.Join(", ", TokenMethods.All.Select(method => method.Name))}."))];
    }
}
