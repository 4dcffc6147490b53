using Secateur.Cli;
using Secateur.Tests.Cli;

namespace Secateur.Tests.Sweeps;

/// <summary>A sweep as it is typed, run by the tool as a process of its own.</summary>
internal static class ToolSweep
{
    /// <summary>What the scheduler of this machine may have set says nothing to these processes.</summary>
    public static Dictionary<string, string?> Environment { get; } = new()
    {
        ["SLURM_ARRAY_TASK_ID"] = null,
        ["JOB_COMPLETION_INDEX"] = null,
    };

    public static string[] Words(string folder, int pictures, params string[] more) =>
        ["sweep", "scenes-vit", "--data", $"scenes:{pictures}", "--methods", "tome,random-drop", "--budgets", "0.7", "--batch", "2", "--threads", "1", "--output", folder, .. more];

    public static Captured Run(params string[] words) => Captured.RunProcess(Environment, words);

    public static void Done(Captured run) => Assert.True(run.ExitCode == ExitCode.Done, run.Error);
}
