using System.CommandLine;
using System.Text.Json.Nodes;

namespace Secateur.Cli.Commands.Doctoring;

/// <summary>Says what this machine has of what the tool needs, and checks that it computes what it should.</summary>
internal sealed class DoctorCommand : ToolCommand
{
    readonly Option<bool> json = new("--json") { Description = "Write everything as one JSON object." };

    /// <summary>The command.</summary>
    public DoctorCommand()
        : base(
            "doctor",
            "Says what this machine has (registers, cores, memory, picture libraries) and checks in a few seconds that it computes what it should. Exit 1 when something needs attention.",
            "secateur doctor",
            "secateur doctor --json") => Add(json);

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        bool whole = arguments.GetValue(json);
        List<Finding> findings = [];
        foreach (Finding finding in MachineFindings.All().Concat(SelfCheck.All(cancellation)))
        {
            findings.Add(finding);
            if (!whole)
                Write(terminal, finding);
        }

        bool well = findings.TrueForAll(finding => finding.State != FindingState.Problem);
        if (whole)
            terminal.Out.WriteLine(Json(findings, well).ToJsonString());
        else
            terminal.Out.WriteLine(well ? "All is well." : $"{findings.Count(finding => finding.State == FindingState.Problem)} of {findings.Count} need attention.");
        return well ? ExitCode.Done : ExitCode.No;
    }

    static void Write(Terminal terminal, Finding finding)
    {
        (string word, string colour) = finding.State switch
        {
            FindingState.Ok => ("ok", "32"),
            FindingState.Note => ("note", "33"),
            _ => ("problem", "31"),
        };
        string state = word.PadRight("problem".Length);
        terminal.Out.WriteLine($"{(terminal.Colours ? $"\u001b[{colour}m{state}\u001b[0m" : state)}  {finding.Name,-15}  {finding.Found}");
        if (finding.Advice is { } advice)
            terminal.Out.WriteLine($"{"",-26}  what to do: {advice}");
    }

    static JsonObject Json(List<Finding> findings, bool well) => new()
    {
        ["well"] = well,
        ["version"] = typeof(DoctorCommand).Assembly.GetName().Version!.ToString(3),
        ["findings"] = new JsonArray([.. findings.Select(finding => (JsonNode)new JsonObject
        {
            ["name"] = finding.Name,
            ["state"] = finding.State switch { FindingState.Ok => "ok", FindingState.Note => "note", _ => "problem" },
            ["found"] = finding.Found,
            ["advice"] = finding.Advice,
        })]),
    };
}
