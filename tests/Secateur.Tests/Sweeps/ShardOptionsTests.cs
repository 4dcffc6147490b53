using System.CommandLine;
using Secateur.Cli;
using Secateur.Cli.Commands.Sweeps;
using Secateur.Evaluation.Sweeps;

namespace Secateur.Tests.Sweeps;

public sealed class ShardOptionsTests
{
    static (Shard Shard, string Said) Find(string typed, string set)
    {
        Dictionary<string, string> environment = set.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split('=')).ToDictionary(one => one[0], one => one[1]);
        var options = new ShardOptions();
        var command = new RootCommand();
        options.AddTo(command);
        using var said = new StringWriter();
        Shard shard = options.Find(command.Parse(typed), environment.GetValueOrDefault, new Terminal(TextWriter.Null, said));
        return (shard, said.ToString());
    }

    [Theory]
    [InlineData("", "", 1, 1)]
    [InlineData("--shard 2/8", "", 2, 8)]
    [InlineData("--shard 2/8", "SLURM_ARRAY_TASK_ID=5 SLURM_ARRAY_TASK_COUNT=9", 2, 8)]
    [InlineData("--shard none", "SLURM_ARRAY_TASK_ID=5 SLURM_ARRAY_TASK_COUNT=9", 1, 1)]
    [InlineData("", "SLURM_ARRAY_TASK_ID=2 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=7 SLURM_ARRAY_TASK_COUNT=8", 3, 8)]
    [InlineData("", "SLURM_ARRAY_TASK_ID=8 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=8 SLURM_ARRAY_TASK_COUNT=8", 8, 8)]
    [InlineData("--shards 8", "SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_MIN=3 SLURM_ARRAY_TASK_MAX=5 SLURM_ARRAY_TASK_COUNT=2", 3, 8)] // those that failed, again
    [InlineData("--shards 8", "JOB_COMPLETION_INDEX=0", 1, 8)]
    [InlineData("--shards 8", "JOB_COMPLETION_INDEX=7", 8, 8)]
    public void The_part_is_the_one_that_was_typed_or_that_the_scheduler_says(string typed, string set, int index, int of)
    {
        (Shard shard, string said) = Find(typed, set);
        Assert.Equal(new(index, of), shard);
        Assert.Equal(set.Length > 0 && !typed.Contains("--shard ", StringComparison.Ordinal), said.Contains($"part {index} of {of}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--shards 8", "", "--shard 1/8")]
    [InlineData("--shards 4 --shard 2/8", "", "leave --shards out")]
    [InlineData("", "SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=5 SLURM_ARRAY_TASK_COUNT=3", "do not follow one another")]
    [InlineData("--shards 8", "SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=7 SLURM_ARRAY_TASK_COUNT=8", "--array=1-8")]
    [InlineData("", "JOB_COMPLETION_INDEX=3", "--shards N")]
    [InlineData("--shards 3", "JOB_COMPLETION_INDEX=3", "must be 3")]
    [InlineData("", "SLURM_ARRAY_TASK_ID=-1", "no number of a task")]
    public void What_does_not_say_a_part_is_refused_with_what_to_write(string typed, string set, string says) =>
        Assert.Contains(says, Assert.Throws<UsageException>(() => Find(typed, set)).Message);

    [Theory]
    [InlineData("0/8")]
    [InlineData("9/8")]
    [InlineData("2")]
    [InlineData("2/8/1")]
    [InlineData("a/b")]
    public void A_part_is_a_number_of_a_number(string typed)
    {
        var command = new RootCommand();
        new ShardOptions().AddTo(command);
        Assert.NotEmpty(command.Parse($"--shard {typed}").Errors);
    }
}
