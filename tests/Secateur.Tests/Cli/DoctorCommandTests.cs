using System.Text.Json;
using Secateur.Cli;
using Secateur.Kernels;

namespace Secateur.Tests.Cli;

public sealed class DoctorCommandTests
{
    [Fact]
    public void This_machine_computes_what_it_should()
    {
        Captured run = Captured.Run("doctor", "--json");
        JsonElement json = JsonDocument.Parse(run.Out).RootElement;
        Dictionary<string, JsonElement> findings = json.GetProperty("findings").EnumerateArray().ToDictionary(one => one.GetProperty("name").GetString()!);
        Assert.All(["matrix products", "network", "PNG", "JPEG"], name => Assert.Equal("ok", findings[name].GetProperty("state").GetString()));
        Assert.All(["processor", "cores", "registers", "memory", "runtime", "libjpeg-turbo", "libspng", "ONNX Runtime", "downloads", "speed"], name => Assert.NotEmpty(findings[name].GetProperty("found").GetString()!));
        Assert.Contains(KernelSet.Default.Name, findings["registers"].GetProperty("found").GetString());
        bool well = findings.Values.All(one => one.GetProperty("state").GetString() != "problem");
        Assert.Equal(well, json.GetProperty("well").GetBoolean());
        Assert.Equal(well ? ExitCode.Done : ExitCode.No, run.ExitCode);
    }

    [Fact]
    public void What_needs_attention_says_what_to_do_and_is_exit_code_1()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "");
        Captured run = Captured.RunProcess(new() { ["HF_HUB_CACHE"] = folder["file/hub"], ["SECATEUR_ISA"] = "scalar" }, "doctor");
        Assert.Equal(ExitCode.No, run.ExitCode);
        string[] lines = run.Out.Split('\n');
        int downloads = Array.FindIndex(lines, line => line.StartsWith("problem  downloads", StringComparison.Ordinal));
        Assert.Contains("HF_HUB_CACHE", lines[downloads + 1]);
        Assert.Contains("what to do: ", lines[downloads + 1]);
        Assert.Contains(lines, line => line.StartsWith("ok       network", StringComparison.Ordinal));
        if (KernelSet.Supported.Count > 1)
            Assert.Contains("unset SECATEUR_ISA", run.Out);
        Assert.Contains("need attention", run.Out);
    }
}
