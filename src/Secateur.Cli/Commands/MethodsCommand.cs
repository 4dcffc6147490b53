using System.CommandLine;
using System.Text.Json.Nodes;
using Secateur.Cli.Commands.Pruning;
using Secateur.Compression.Tokens;

namespace Secateur.Cli.Commands;

/// <summary>Lists the token methods, or says what one of them may be told.</summary>
internal sealed class MethodsCommand : ToolCommand
{
    readonly Argument<string?> name = new("NAME") { Description = "Show this method's source and options.", Arity = ArgumentArity.ZeroOrOne };
    readonly Option<bool> structured = new("--structured") { Description = "Those of secateur prune instead: who scores, allocates and corrects." };
    readonly Option<bool> json = new("--json") { Description = "One JSON object a line." };

    /// <summary>The command.</summary>
    public MethodsCommand()
        : base(
            "methods",
            "Lists the token methods of plans; with a name, says where that method comes from and what it may be told.",
            "secateur methods",
            "secateur methods zero-tprune",
            "secateur methods --structured")
    {
        Add(name);
        Add(structured);
        Add(json);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        if (arguments.GetValue(structured))
        {
            StructuredMethodList.Write(terminal, arguments.GetValue(name), arguments.GetValue(json));
            return ExitCode.Done;
        }

        TokenMethod[] methods = arguments.GetValue(name) is { } one
            ? [TokenMethods.All.FirstOrDefault(method => method.Name == one) ?? throw new UsageException($"There is no method '{one}'; choose one of {string.Join(", ", TokenMethods.All.Select(method => method.Name))}.")]
            : [.. TokenMethods.All];
        if (arguments.GetValue(json))
            foreach (TokenMethod method in methods)
                terminal.Out.WriteLine(ToJson(method).ToJsonString());
        else if (arguments.GetValue(name) is not null)
            Describe(methods[0], terminal.Out);
        else
            List(methods, terminal);
        return ExitCode.Done;
    }

    static void List(TokenMethod[] methods, Terminal terminal)
    {
        int names = methods.Max(method => method.Name.Length), titles = methods.Max(method => method.Title.Length);
        foreach (TokenMethod method in methods)
            terminal.Out.WriteLine($"{method.Name.PadRight(names)}  {method.Title.PadRight(titles)}  {Effect(method)}");
        terminal.Say("secateur methods NAME says more; secateur plans lists the plans that have names; --structured lists what secateur prune may be told");
    }

    static void Describe(TokenMethod method, TextWriter output)
    {
        output.WriteLine($"{method.Name}: {method.Title}; {Effect(method)}");
        output.WriteLine(method.Citation);
        foreach (TokenOption option in method.Options)
        {
            output.WriteLine();
            output.WriteLine($"  {option.Name} = {option.Default}");
            output.WriteLine($"      {option.Summary}");
            output.WriteLine($"      {option.Values}");
        }
    }

    static string Effect(TokenMethod method) => (method.Drops ? "drops" : "merges") + (Adaptive(method) ? ", as many as the picture says" : "");

    static bool Adaptive(TokenMethod method) => method.DefaultPlan(12, 196).Adaptive;

    static JsonObject ToJson(TokenMethod method) => new()
    {
        ["name"] = method.Name,
        ["title"] = method.Title,
        ["citation"] = method.Citation,
        ["drops"] = method.Drops,
        ["adaptive"] = Adaptive(method),
        ["options"] = new JsonArray([.. method.Options.Select(option => (JsonNode)new JsonObject
        {
            ["name"] = option.Name,
            ["values"] = option.Values,
            ["default"] = JsonNode.Parse(option.Default),
            ["summary"] = option.Summary,
        })]),
    };
}
