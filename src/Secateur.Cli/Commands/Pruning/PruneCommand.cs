using System.CommandLine;
using Secateur.Evaluation.Structured;
using Secateur.Evaluation.Timing;
using Secateur.Models;
using Secateur.Models.Checkpoints;

namespace Secateur.Cli.Commands.Pruning;

/// <summary>Takes heads and neurons out of a network for good.</summary>
internal sealed class PruneCommand : ToolCommand
{
    const int UsualRounds = 50;

    readonly Argument<string> model = new("MODEL") { Description = "The network, of pictures or of texts: a checkpoint folder, a .safetensors or .onnx file, a hub name that was pulled, or the bundled scenes-vit." };
    readonly PruneGoal goal = new();
    readonly PruneData data = new();
    readonly PruneMethods methods = new();
    readonly Option<string?> plan = new("--plan", "-p") { Description = "Cut as this file says (structure.json of an earlier run) instead of searching.", HelpName = "FILE" };
    readonly Option<string?> tokens = new("--tokens") { Description = "Let tokens give up a part of the budget too, by this method (secateur methods lists them): how much is searched for. Pictures only; writes token-plan.json beside the weights.", HelpName = "METHOD" };
    readonly Option<int?> threads = CommonOptions.Threads();
    readonly Option<int?> rounds = new("--rounds") { Description = $"Timed rounds of the pruned network in turn with the dense one. Default: {UsualRounds}.", HelpName = "N" };
    readonly Option<bool> noLatency = new("--no-latency") { Description = "Do not time the pruned network, and do not ask that it is faster." };
    readonly Option<string> type = new("--dtype") { Description = "How the numbers are kept: f32, f16 or bf16. Default: f32.", HelpName = "TYPE", DefaultValueFactory = _ => "f32" };
    readonly Option<bool> dryRun = new("--dry-run") { Description = "Do all of it but write nothing." };
    readonly Option<string?> output = new("--output", "-o") { Description = "The folder for the pruned network; or a file that ends in .onnx.", HelpName = "DIR" };
    readonly Option<bool> json = new("--json") { Description = "Write the answer as one JSON object." };

    /// <summary>The command.</summary>
    public PruneCommand()
        : base(
            "prune",
            "Takes heads and neurons out of a network without training it again: an ordinary checkpoint that is smaller and faster, and exit code 1 where it is not.",
            "secateur prune scenes-vit --macs 0.6x --calibrate scenes:32 -o pruned",
            "secateur prune timm/deit_tiny_patch16_224.fb_in1k --macs 0.7x --calibrate photographs/ --check imagenet/val -o deit-70",
            "secateur prune scenes-vit --latency 0.7x --profile profile.json --calibrate scenes:32 -o faster",
            "secateur prune scenes-vit --macs 0.6x --tokens tome --calibrate scenes:256 -o pruned",
            "secateur prune scenes-vit --plan pruned/structure.json -o again --dtype f16",
            "secateur prune model.onnx --macs 0.6x --calibrate photographs/ -o pruned.onnx")
    {
        CommonOptions.AtLeast(rounds, SideBySide.FewestRounds);
        type.AcceptOnlyFromAmong("f32", "f16", "bf16");
        Add(model);
        foreach (Option option in (Option[])[.. goal.All, .. data.All, .. methods.All, plan, tokens, threads, rounds, noLatency, type, dryRun, output, json])
            Add(option);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        string named = arguments.GetRequiredValue(model);
        RequireSense(arguments);
        ChosenMethods chosen = methods.Of(arguments, goal.Allocator(arguments));
        PruneBudget budget = goal.Of(arguments);
        if (budget.Time && arguments.GetValue(tokens) is not null)
            throw new UsageException("--tokens: the budget of heads, neurons and tokens together is one of multiply-adds: --macs 0.6x.");
        PrunedFiles? files = arguments.GetValue(output) is { } folder && !arguments.GetValue(dryRun) ? new(Network.Locate(named), folder) : null;
        files?.Require();
        if (files is { IsGraph: true } && (arguments.GetValue(tokens) is not null || Type(arguments) != TensorType.F32))
            throw new UsageException($"--output {files.Folder} is an ONNX file, which is written in float32 and holds heads and neurons that stay, no plan for tokens; name a folder.");
        Transformer network = Network.LoadAny(named, arguments.GetValue(threads));
        data.RequireSense(arguments, named, network);
        IExamples? calibrate = data.Calibration(arguments, named, network, terminal), check = data.Check(arguments, named, network, terminal);

        if (arguments.GetValue(tokens) is { } method)
            return new TauPrune(terminal, cancellation)
            {
                Method = method,
                Methods = chosen,
                Budget = budget,
                Samples = data.Samples(arguments, network),
                Shares = methods.Released(arguments) ? [TauSearch.ReleasedShare] : TauSearch.Shares,
                Rounds = arguments.GetValue(noLatency) ? null : arguments.GetValue(rounds) ?? UsualRounds,
                Type = Type(arguments),
                Json = arguments.GetValue(json),
            }.Run(network, calibrate, check, files);

        // 1. Choose and cut.
        PruneChoice choice = arguments.GetValue(plan) is { } file
            ? PruneChoice.ByPlan(network, file)
            : PruneChoice.BySearch(
                network, calibrate ?? throw new UsageException("say what the network is to be looked at with: --calibrate DATA."), data.Samples(arguments, network), budget, chosen, terminal, cancellation);

        // 2. Keep: whatever happens from here on, this is written.
        Transformer pruned = files?.Save(choice.Network, choice.Plan, Type(arguments), terminal, cancellation) ?? choice.Network;
        try
        {
            // 3. Look at what came out.
            var look = new PruneLook(network, pruned, calibrate, data.Samples(arguments, network), check, terminal, cancellation);
            files?.RequireSame(choice.Network, pruned, look.Single, Type(arguments), terminal);
            PruneResult result = look.Run(choice, arguments.GetValue(noLatency) ? null : arguments.GetValue(rounds) ?? UsualRounds, files);
            files?.Describe(PrunedCard.Of(result, named, files.PlanFile));
            return Answer(arguments, terminal, result);
        }
        catch (OperationCanceledException) when (files is not null)
        {
            terminal.Say($"the pruned network is whole in {files.Folder}, but it was not looked at to the end");
            throw;
        }
    }

    int Answer(ParseResult arguments, Terminal terminal, PruneResult result)
    {
        if (arguments.GetValue(json))
            terminal.Out.WriteLine(PruneJson.Of(result).ToJsonString());
        else
            PruneReport.Write(terminal, result);
        terminal.Say(result.Folder is null ? "nothing was written" : $"the pruned network is in {result.Folder}");
        foreach (string caution in PruneReport.Cautions(result))
            terminal.Say(caution);
        foreach (string failure in result.Check.Failures)
            terminal.Say($"the answer is no: {failure}");
        return result.Check.Failures.IsEmpty ? ExitCode.Done : ExitCode.No;
    }

    void RequireSense(ParseResult arguments)
    {
        if (arguments.GetValue(output) is null && !arguments.GetValue(dryRun))
            throw new UsageException("say where the pruned network is to go: --output DIR; or --dry-run to write nothing.");
        if (arguments.GetValue(plan) is not null && arguments.GetValue(tokens) is not null)
            throw new UsageException("--plan says what stays of heads and neurons, and --tokens searches for that too; leave one of them out, or plan tokens of the pruned network: secateur plan budget DIR.");
        if (arguments.GetValue(plan) is not null && (goal.Named(arguments) ?? methods.Named(arguments)) is { } beside)
            throw new UsageException($"--plan says what stays, so that {beside} says nothing; leave one of them out.");
    }

    TensorType Type(ParseResult arguments) => arguments.GetRequiredValue(type) switch { "f16" => TensorType.F16, "bf16" => TensorType.BF16, _ => TensorType.F32 };
}
