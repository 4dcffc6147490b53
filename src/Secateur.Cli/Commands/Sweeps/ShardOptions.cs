using System.CommandLine;
using System.Globalization;
using Secateur.Evaluation.Sweeps;

namespace Secateur.Cli.Commands.Sweeps;

/// <summary>Which part of the work is this process's: as it was typed, or as Slurm or Kubernetes say.</summary>
internal sealed class ShardOptions
{
    const string None = "none";
    const int Most = 100_000;

    readonly Option<string?> shard = new("--shard")
    {
        Description = "Do one part of the work: 2/8 is the second of eight. Found by itself in a Slurm job array or a Kubernetes Indexed Job; none does all of it even there.",
        HelpName = "I/N|none",
    };

    readonly Option<int?> shards = new("--shards") { Description = "How many parts there are, where the job file or the scheduler says which one.", HelpName = "N" };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        CommonOptions.AtLeast(shards, 1);
        shard.Validators.Add(result =>
        {
            if (result.Tokens is [var word] && Parse(word.Value) is null)
                result.AddError($"--shard must be a part and how many there are (2/8), or none, not {word.Value}.");
        });
        command.Add(shard);
        command.Add(shards);
    }

    /// <summary>How many parts there are; null where that was not said.</summary>
    public int? Count(ParseResult arguments) => arguments.GetValue(shards);

    /// <summary>Finds this process's part.</summary>
    /// <param name="arguments">What was typed.</param>
    /// <param name="environment">What the scheduler set.</param>
    /// <param name="terminal">Told what was found there.</param>
    /// <exception cref="UsageException">What was typed, or set, cannot be meant.</exception>
    public Shard Find(ParseResult arguments, Func<string, string?> environment, Terminal terminal)
    {
        int? parts = Count(arguments);
        if (arguments.GetValue(shard) is { } typed)
        {
            Shard named = Parse(typed)!.Value;
            return typed == None || parts is null || parts == named.Of
                ? named
                : throw new UsageException($"--shard {typed} says {named.Of} parts, and --shards {parts}; leave --shards out.");
        }

        if (Slurm(environment, parts) is { } task)
            return Say(task, "Slurm job array");
        if (Number(environment, "JOB_COMPLETION_INDEX") is { } index)
            return Say(
                parts is not { } of ? throw new UsageException("this is a task of a Kubernetes Indexed Job (JOB_COMPLETION_INDEX is set), which does not say how many there are: give --shards N, or --shard none to do all of the work here.")
                : index < of ? new(index + 1, of)
                : throw new UsageException($"JOB_COMPLETION_INDEX is {index}, and of --shards {of} the last is {of - 1}; \"completions\" of the job must be {of}."),
                "Kubernetes Indexed Job");
        return parts is null or 1
            ? Shard.Whole
            : throw new UsageException($"--shards {parts} says how many parts there are, and nothing says which one this is (no Slurm job array, no Kubernetes Indexed Job): give --shard 1/{parts}.");

        Shard Say(Shard found, string where)
        {
            terminal.Say($"part {found.Index} of {found.Of}, as the {where} says (--shard none does all of it here)");
            return found;
        }
    }

    // The array of a job file that was written for N parts may be started again for some of them, so that only N is sure.
    static Shard? Slurm(Func<string, string?> environment, int? shards)
    {
        if (Number(environment, "SLURM_ARRAY_TASK_ID") is not { } task)
            return null;
        int first = Number(environment, "SLURM_ARRAY_TASK_MIN") ?? 1, last = Number(environment, "SLURM_ARRAY_TASK_MAX") ?? task;
        if (shards is { } of)
            return first >= 1 && last <= of && task >= 1 && task <= of
                ? new(task, of)
                : throw new UsageException($"the tasks of this Slurm job array are {first} to {last}, and of --shards {of} they are 1 to {of}: sbatch --array=1-{of}");
        int count = Number(environment, "SLURM_ARRAY_TASK_COUNT") ?? last - first + 1;
        return count == last - first + 1 && task >= first && task <= last
            ? new(task - first + 1, count)
            : throw new UsageException($"the tasks of this Slurm job array do not follow one another ({count} from {first} to {last}), so that they do not say which part this is: give --shards N with --array=1-N, or --shard I/N.");
    }

    static int? Number(Func<string, string?> environment, string name) =>
        environment(name) is not { Length: > 0 } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= Most ? number
        : throw new UsageException($"{name} is {text}, which is no number of a task; --shard I/N names the part, --shard none does all of the work.");

    static Shard? Parse(string text) =>
        text == None ? Shard.Whole
        : text.Split('/') is [var index, var of] && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out int i)
            && int.TryParse(of, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && i >= 1 && i <= n && n <= Most ? new Shard(i, n)
        : null;
}
