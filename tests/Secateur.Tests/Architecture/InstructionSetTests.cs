using Secateur.Kernels;

namespace Secateur.Tests.Architecture;

public sealed class InstructionSetTests
{
    /// <summary>A test run on narrower registers proves nothing unless the process really has them: the script that switches the
    /// wide ones off says here what must be left.</summary>
    [SkippableFact]
    public void The_process_runs_the_width_it_was_started_for()
    {
        string? expected = Environment.GetEnvironmentVariable("SECATEUR_EXPECT_ISA");
        Skip.If(string.IsNullOrEmpty(expected), "SECATEUR_EXPECT_ISA is not set: this run is for the widest registers.");
        Assert.Equal(expected, KernelSet.Default.Name);
    }

    [Fact]
    public void The_default_is_the_widest_set_unless_the_environment_says_otherwise()
    {
        string? forced = Environment.GetEnvironmentVariable("SECATEUR_ISA");
        KernelSet expected = string.IsNullOrEmpty(forced) ? KernelSet.Supported.MaxBy(set => set.Lanes)! : KernelSet.Get(forced);
        Assert.Same(expected, KernelSet.Default);
    }
}
