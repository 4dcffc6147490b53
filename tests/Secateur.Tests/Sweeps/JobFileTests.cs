using System.Text.Json;
using Secateur.Cli;
using Secateur.Cli.Commands.Sweeps;
using Secateur.Tests.Cli;

namespace Secateur.Tests.Sweeps;

public sealed class JobFileTests : IDisposable
{
    const int Pictures = 9, Parts = 3;

    readonly TemporaryFolder folder = new();

    [SkippableFact]
    public void The_file_for_Slurm_runs_on_Slurm_and_what_its_tasks_made_merges_to_the_bytes_of_one_machine()
    {
        using var cluster = new SlurmCluster();
        Captured emitted = ToolSweep.Run(ToolSweep.Words(folder["results"], Pictures, "--shards", $"{Parts}", "--emit", "slurm"));
        ToolSweep.Done(emitted);
        Assert.False(Directory.Exists(folder["results"]));
        File.WriteAllText(folder["sweep.sbatch"], emitted.Out);
        Captured job = cluster.Submit(folder["sweep.sbatch"], folder.Path);
        string printed = string.Join('\n', Directory.EnumerateFiles(folder.Path, "slurm-*.out").Order().Select(File.ReadAllText));
        Assert.True(job.ExitCode == 0, job.Error + printed);
        for (int part = 1; part <= Parts; part++)
            Assert.Contains($"part {part} of {Parts}, as the Slurm job array says", printed);
        SameAsAlone();
    }

    [Fact]
    public void The_file_for_Kubernetes_is_an_Indexed_Job_whose_command_does_each_index_its_part()
    {
        Captured emitted = ToolSweep.Run(ToolSweep.Words(folder["results"], Pictures, "--shards", $"{Parts}", "--emit", "kubernetes", "--image", "example.org/secateur:1", "--volume", $"claim:{folder.Path}"));
        ToolSweep.Done(emitted);
        Dictionary<string, string> yaml = SmallYaml.Parse(emitted.Out);
        Assert.Equal(("batch/v1", "Job", "secateur"), (yaml["apiVersion"], yaml["kind"], yaml["metadata.name"]));
        Assert.Equal(("Indexed", $"{Parts}", $"{Parts}"), (yaml["spec.completionMode"], yaml["spec.completions"], yaml["spec.parallelism"]));
        const string pod = "spec.template.spec.";
        Assert.Equal("OnFailure", yaml[pod + "restartPolicy"]);
        Assert.Equal("\"example.org/secateur:1\"", yaml[pod + "containers[0].image"]);
        Assert.Equal("1", yaml[pod + "containers[0].resources.limits.cpu"]);
        Assert.Equal($"\"{folder.Path}\"", yaml[pod + "containers[0].volumeMounts[0].mountPath"]);
        Assert.Equal(yaml[pod + "volumes[0].name"], yaml[pod + "containers[0].volumeMounts[0].name"]);
        Assert.Equal("\"claim\"", yaml[pod + "volumes[0].persistentVolumeClaim.claimName"]);

        // What each pod would run, told its index as Kubernetes tells it.
        Assert.Equal(["secateur"], JsonSerializer.Deserialize<string[]>(yaml[pod + "containers[0].command"])!);
        string[] words = JsonSerializer.Deserialize<string[]>(yaml[pod + "containers[0].args"])!;
        for (int index = 0; index < Parts; index++)
        {
            Captured run = Captured.RunProcess(new(ToolSweep.Environment) { ["JOB_COMPLETION_INDEX"] = $"{index}" }, words);
            ToolSweep.Done(run);
            Assert.Contains($"part {index + 1} of {Parts}, as the Kubernetes Indexed Job says", run.Error);
        }

        SameAsAlone();
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("two words", "'two words'")]
    [InlineData("$HOME;it's", "'$HOME;it'\\''s'")]
    [InlineData("", "''")]
    public void Words_reach_the_shell_as_they_are(string word, string quoted) => Assert.Equal(quoted, JobFiles.Quoted(word));

    [Theory]
    [InlineData("--shards")]
    [InlineData("--threads", "--shards", "2")]
    [InlineData("--image", "--shards", "2", "--threads", "1", "--emit", "kubernetes")]
    [InlineData("leave --latency out", "--shards", "2", "--threads", "1", "--latency")]
    public void A_job_file_that_cannot_be_written_says_what_is_missing(string says, params string[] more)
    {
        string[] kind = more.Contains("--emit") ? [] : ["--emit", "slurm"];
        Captured run = Captured.Run(["sweep", "scenes-vit", "--data", "scenes:2", "--methods", "tome", "--budgets", "0.7", "-o", folder["results"], .. kind, .. more]);
        Assert.Equal(ExitCode.WrongUsage, run.ExitCode);
        Assert.Contains(says, run.Error);
    }

    void SameAsAlone()
    {
        ToolSweep.Done(ToolSweep.Run("merge", folder["results"]));
        ToolSweep.Done(ToolSweep.Run(ToolSweep.Words(folder["alone"], Pictures)));
        Assert.Equal(SmallSweep.Files(folder["alone"]), SmallSweep.Files(folder["results"]));
    }

    public void Dispose() => folder.Dispose();
}
