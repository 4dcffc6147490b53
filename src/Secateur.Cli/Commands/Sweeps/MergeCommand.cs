using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Secateur.Evaluation.Sweeps;

namespace Secateur.Cli.Commands.Sweeps;

/// <summary>Puts the parts of a sweep together that several machines made.</summary>
internal sealed class MergeCommand : ToolCommand
{
    readonly Argument<string[]> parts = new("DIR") { Description = "Folders with parts; one where all parts shared it.", Arity = ArgumentArity.OneOrMore };
    readonly Option<string?> output = new("--output", "-o") { Description = "Where the whole goes. Default for one folder: that folder, whose parts are then removed.", HelpName = "DIR" };
    readonly Option<bool> json = new("--json") { Description = "Write what was merged as one JSON object." };

    /// <summary>The command.</summary>
    public MergeCommand()
        : base(
            "merge",
            "Puts the parts together that several machines made with secateur sweep --shard; the result is bit for bit what one machine would have made.",
            "secateur merge results",
            "secateur merge machine1 machine2 machine3 -o results")
    {
        Add(parts);
        Add(output);
        Add(json);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
    {
        ImmutableArray<ResultsFolder> folders = [.. arguments.GetRequiredValue(parts).DistinctBy(Path.GetFullPath).Select(path => new ResultsFolder(path))];
        string whole = arguments.GetValue(output)
            ?? (folders is [var one] ? one.Path : throw new UsageException("say where the whole goes: secateur merge DIR DIR -o OUT"));
        if (folders.FirstOrDefault(folder => !File.Exists(folder.Manifest)) is { } none)
            throw new BadInputException($"{none.Path} holds no results: there is no results.json in it. Name folders that secateur sweep wrote.");
        if (folders.Length > 1 && folders.Any(folder => Path.GetFullPath(folder.Path) == Path.GetFullPath(whole)))
            throw new UsageException($"{whole} is one of the parts; name another folder for the whole.");
        var result = new ResultsFolder(whole);
        ResultsManifest manifest = ResultsMerge.Merge(folders, result, terminal.Say, cancellation);
        if (arguments.GetValue(json))
            terminal.Out.WriteLine(new JsonObject { ["output"] = whole, ["cells"] = manifest.Cells.Length, ["images"] = manifest.Count }.ToJsonString());
        else
            new SweepTable(manifest, result).Show(terminal);
        terminal.Say($"{manifest.Cells.Length} cells of {manifest.Count} pictures are whole in {whole}");
        return ExitCode.Done;
    }
}
