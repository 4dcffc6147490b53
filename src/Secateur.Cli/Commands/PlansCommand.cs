using System.CommandLine;
using System.Text.Json.Nodes;
using Secateur.Compression.Tokens;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Cli.Commands;

/// <summary>Lists the named plans and what they cost on a network, or prints one as the JSON file it would be.</summary>
internal sealed class PlansCommand : ToolCommand
{
    readonly Argument<string?> name = new("NAME") { Description = "Print this plan as JSON instead.", Arity = ArgumentArity.ZeroOrOne };
    readonly Option<string?> model = new("--model", "-m") { Description = "The network to make the plans for. Default: the bundled scenes-vit.", HelpName = "DIR|FILE|NAME" };
    readonly Option<bool> json = new("--json") { Description = "One JSON object a line: name, summary, macs (null where they depend on the picture), ratio. A plan that is named is JSON anyway." };

    /// <summary>The command.</summary>
    public PlansCommand()
        : base(
            "plans",
            "Lists the plans that have names and what each costs on a network; with a name, prints that plan as JSON, to be changed and given to --plan.",
            "secateur plans",
            "secateur plans zero-tprune --model scenes-vit")
    {
        Add(name);
        Add(model);
        Add(json);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        VisionTransformer network = Network.Load(arguments.GetValue(model) ?? "scenes-vit", null);
        if (arguments.GetValue(name) is { } one)
        {
            terminal.Out.WriteLine(TokenPlanFile.Print(Network.Plan(one, network, terminal)));
            return ExitCode.Done;
        }

        long dense = MacCounter.Count(network, TokenPlan.Dense).Total;
        int width = TokenPlans.All.Max(plan => plan.Name.Length);
        terminal.Say($"multiply-adds of one picture through {network.Config.Architecture}, counted as executed, selection apart");
        foreach (NamedTokenPlan plan in TokenPlans.All)
        {
            TokenPlan made = plan.For(network.Depth, network.PatchTokens);
            long macs = MacCounter.Count(network, made).Total;
            if (arguments.GetValue(json))
            {
                var line = new JsonObject { ["name"] = plan.Name, ["summary"] = plan.Summary, ["macs"] = made.Adaptive ? null : macs, ["ratio"] = made.Adaptive ? null : (double)macs / dense };
                terminal.Out.WriteLine(line.ToJsonString());
                continue;
            }

            string cost = made.Adaptive ? "with the picture" : $"{macs / 1e6,9:0.0} M  {(double)macs / dense,4:0%}";
            terminal.Out.WriteLine($"{plan.Name.PadRight(width)}  {cost}  {plan.Summary}");
        }

        return ExitCode.Done;
    }
}
