using System.CommandLine;
using System.CommandLine.Parsing;

namespace Secateur.Cli.Commands.Sweeps;

/// <summary>Writes the same sweep as a job file for many machines.</summary>
internal sealed class JobOptions
{
    const string Slurm = "slurm", Kubernetes = "kubernetes";

    readonly Option<string?> emit = new("--emit") { Description = "Measure nothing; write a job file that does it in --shards parts: slurm (for sbatch) or kubernetes (for kubectl apply).", HelpName = "slurm|kubernetes" };
    readonly Option<string?> image = new("--image") { Description = "For kubernetes: the container image that has secateur on its path.", HelpName = "NAME" };
    readonly Option<string?> volume = new("--volume") { Description = "For kubernetes: a volume claim, and where it is mounted; relative paths are in it.", HelpName = "CLAIM:/PATH" };

    /// <summary>The options.</summary>
    public JobOptions()
    {
        emit.AcceptOnlyFromAmong(Slurm, Kubernetes);
        volume.Validators.Add(result =>
        {
            if (result.Tokens is [var word] && Claim(word.Value) is null)
                result.AddError($"--volume must be a claim and the path where it is mounted (results:/data), not {word.Value}.");
        });
    }

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [emit, image, volume];

    /// <summary>Writes the job file, if one is asked for.</summary>
    /// <param name="arguments">What was typed.</param>
    /// <param name="shards">How many parts; null where that was not said.</param>
    /// <param name="threads">Threads of a part; null where that was not said.</param>
    /// <param name="output">The folder of the results; null where it was not named.</param>
    /// <param name="terminal">Where to write.</param>
    /// <returns>Whether one was written.</returns>
    /// <exception cref="UsageException">Something is missing that the file must say.</exception>
    public bool Write(ParseResult arguments, int? shards, int? threads, string? output, Terminal terminal)
    {
        if (arguments.GetValue(emit) is not { } kind)
            return false;
        int parts = shards ?? throw new UsageException("--emit needs --shards N: into how many parts the work is divided.");
        int cores = threads ?? throw new UsageException("--emit needs --threads N: how many cores each part gets.");
        string folder = output ?? throw new UsageException("--emit needs --output DIR: a folder that all machines share.");
        string[] words = Words(arguments);
        if (words.FirstOrDefault(word => word is "--shard" or "--latency") is { } wrong)
            throw new UsageException($"--emit writes a job file for all parts of the work, none of which is timed; leave {wrong} out.");
        if (kind == Slurm)
        {
            terminal.Out.Write(JobFiles.Slurm(JobFiles.ThisTool(), words, parts, cores, folder));
            terminal.Say($"written for Slurm: secateur ... > sweep.sbatch, then sbatch sweep.sbatch; when all {parts} tasks are done: secateur merge {folder}");
            return true;
        }

        string from = arguments.GetValue(image) ?? throw new UsageException("--emit kubernetes needs --image NAME: a container image that has secateur on its path.");
        (string claim, string path) = Claim(arguments.GetValue(volume) ?? throw new UsageException("--emit kubernetes needs --volume CLAIM:/PATH: where the results go, and the pictures come from."))!.Value;
        terminal.Out.Write(JobFiles.Kubernetes(from, words, parts, cores, claim, path, folder));
        terminal.Say($"written for Kubernetes: secateur ... > sweep.yaml, then kubectl apply -f sweep.yaml; when the job is complete: secateur merge {folder}, with the same volume");
        return true;
    }

    /// <summary>The same command line as one that measures: every option that was given, but for those that only say what the job file is.</summary>
    string[] Words(ParseResult arguments)
    {
        List<string> words = [arguments.CommandResult.Command.Name];
        foreach (SymbolResult child in arguments.CommandResult.Children)
            switch (child)
            {
                case ArgumentResult { Tokens.Count: > 0 } argument:
                    words.AddRange(argument.Tokens.Select(token => token.Value));
                    break;
                case OptionResult { Implicit: false } option when !All.Contains(option.Option):
                    words.Add(option.Option.Name);
                    words.AddRange(option.Tokens.Select(token => token.Value));
                    break;
            }

        return [.. words];
    }

    static (string Claim, string Path)? Claim(string text) =>
        text.IndexOf(':') is > 0 and var at && text[(at + 1)..].StartsWith('/') ? (text[..at], text[(at + 1)..]) : null;
}
