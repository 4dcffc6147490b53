using System.CommandLine;
using System.Text;
using Secateur.Evaluation.Reports;
using Secateur.Evaluation.Reports.Html;
using Secateur.Evaluation.Sweeps;
using Secateur.Models.Checkpoints;

namespace Secateur.Cli.Commands;

/// <summary>Shows results: as a page for people, as tables for programs.</summary>
internal sealed class ReportCommand : ToolCommand
{
    static readonly string[] Endings = [".html", ".csv", ".json", ".md"];

    readonly Argument<string> results = new("RESULTS") { Description = "The folder that eval or sweep wrote.", HelpName = "DIR" };
    readonly Option<string[]> output = new("--output", "-o")
    {
        Description = "Where to write; the ending says in which form: .html, .csv, .json or .md. May be given several times. Default: report.html in the folder of the results.",
        HelpName = "FILE",
    };

    readonly Option<int?> count = new("--pictures") { Description = "Pictures to show stage by stage; 0 for none. Default: 4, some first ones and some that plans lose.", HelpName = "N" };
    readonly Option<string?> profile = new("--profile") { Description = "The device's staircase, from secateur profile. Default: profile.json in the folder, where it is.", HelpName = "FILE" };
    readonly ReportSource source = new();
    readonly Option<bool> json = new("--json") { Description = "Write the report as one JSON object on stdout too." };

    /// <summary>The command.</summary>
    public ReportCommand()
        : base(
            "report",
            "Shows results as one HTML file that needs nothing else: what is kept against what it costs, where the time goes, all numbers, which patches are left, what is lost. The same as CSV, JSON and Markdown.",
            "secateur report results",
            "secateur report results -o report.html -o results.csv -o results.md",
            "secateur report results --model deit_tiny --data photographs/ --pictures 8",
            "secateur report results --pictures 0 --json")
    {
        CommonOptions.AtLeast(count, 0);
        output.Validators.Add(result =>
        {
            foreach (string word in result.Tokens.Select(token => token.Value).Where(word => !Endings.Contains(Path.GetExtension(word))))
                result.AddError($"--output {word}: end it with {string.Join(", ", Endings)}, which says what to write.");
        });
        Add(results);
        foreach (Option option in (Option[])[output, count, profile, .. source.All, json])
            Add(option);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        var folder = new ResultsFolder(arguments.GetRequiredValue(results));
        Report report = ReportReader.Load(folder, arguments.GetValue(profile));
        string[] files = arguments.GetValue(output) is { Length: > 0 } named ? named : [Path.Combine(folder.Path, "report.html")];
        int shown = arguments.GetValue(count) ?? 4;
        ReportPictures? pictures = null;
        string? without = shown == 0 ? null : "";
        if (shown > 0 && files.Any(file => Path.GetExtension(file) is ".html" or ".csv"))
            (pictures, without) = source.Draw(arguments, report, shown, terminal, cancellation);
        foreach (string file in files)
        {
            AtomicFile.Write(file, stream => Write(report, pictures, without, Path.GetExtension(file), stream));
            terminal.Say($"written to {file}");
        }

        if (arguments.GetValue(json))
        {
            using var bytes = new MemoryStream();
            JsonReport.Write(report, bytes, indented: false);
            terminal.Out.WriteLine(Encoding.UTF8.GetString(bytes.ToArray()));
        }
        else
            foreach (string sentence in Findings.Of(report))
                terminal.Out.WriteLine(sentence.Replace("`", "", StringComparison.Ordinal));
        return ExitCode.Done;
    }

    static void Write(Report report, ReportPictures? pictures, string? without, string ending, Stream stream)
    {
        if (ending == ".json")
            JsonReport.Write(report, stream, indented: true);
        else
            stream.Write(Encoding.UTF8.GetBytes(ending switch
            {
                ".csv" => CsvReport.Write(report, pictures?.Parameters),
                ".md" => MarkdownReport.Write(report),
                _ => HtmlReport.Write(report, pictures, without),
            }));
    }
}
