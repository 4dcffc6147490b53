using System.Text.Json;
using Secateur.Cli;
using Secateur.Tests.Onnx;

namespace Secateur.Tests.Cli;

public sealed class ExportCommandTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [SkippableFact]
    public void A_pruned_network_is_written_once_it_was_checked()
    {
        string runtime = InstalledRuntime.Library.Path, file = folder["pruned.onnx"];
        Captured run = Captured.Run("export", "scenes-vit", "--plan", "evit-50", "--calibrate", "scenes:20", "--samples", "2", "--batch", "1", "--runtime-path", runtime, "--json", "-o", file);
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        using JsonDocument answer = JsonDocument.Parse(run.Out);
        JsonElement check = answer.RootElement.GetProperty("check");
        Assert.True(check.GetProperty("passed").GetBoolean());
        Assert.Equal(10, check.GetProperty("inputs").GetInt32());
        Assert.InRange(check.GetProperty("decisions").GetInt32(), 10, 1000);
        Assert.Equal(new FileInfo(file).Length, answer.RootElement.GetProperty("files")[0].GetProperty("bytes").GetInt64());
        Assert.Equal("images float32 [1, 3, 112, 112]", answer.RootElement.GetProperty("inputs")[0].GetString());
        Assert.Equal([file], Directory.GetFileSystemEntries(folder.Path));
    }

    [SkippableFact]
    public void Texts_are_checked_too_and_weights_may_stand_beside()
    {
        string runtime = InstalledRuntime.Library.Path, file = folder["texts.onnx"];
        Captured run = Captured.Run("export", Fixtures.Path("tiny-bert"), "--external-data", "--runtime-path", runtime, "-o", file);
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Contains("checked in ONNX Runtime", run.Out, StringComparison.Ordinal);
        Assert.Contains("of noise alone", run.Out, StringComparison.Ordinal);
        Assert.Equal([file, file + ".data"], Directory.GetFileSystemEntries(folder.Path).Order());
    }

    [Fact]
    public void What_was_not_checked_is_not_said_to_be_right()
    {
        string file = folder["dense.onnx"];
        Captured run = Captured.Run("export", "scenes-vit", "--opset", "18", "--preprocess", "--no-verify", "-o", file);
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Contains("not checked", run.Out, StringComparison.Ordinal);
        Assert.Contains("takes pixels uint8 [batch, 112, 112, 3]", run.Out, StringComparison.Ordinal);
        Assert.True(File.Exists(file));
    }

    [Theory]
    [InlineData("there is no such file", "export", "scenes-vit", "--runtime-path", "nowhere.so", "-o", "x.onnx")]
    [InlineData("fixed counts; choose", "export", "scenes-vit", "--plan", "ats", "--no-verify", "-o", "x.onnx")]
    public void What_cannot_be_written_is_one_line_and_exit_code_3(string says, params string[] line)
    {
        Captured run = Captured.Run([.. line[..^1], folder[line[^1]]]);
        Assert.Equal((ExitCode.BadInput, ""), (run.ExitCode, run.Out));
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
        Assert.Equal(1, run.Error.Count(c => c == '\n'));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("--opset must be from 17 to 21", "--opset", "16")]
    [InlineData("--batch must be a number from 1 on or any", "--batch", "some")]
    [InlineData("--image-size must be a number of pixels", "--image-size", "96x")]
    [InlineData("--sequence means nothing", "--sequence", "12")]
    [InlineData("--calibrate means nothing", "--calibrate", "scenes")]
    public void Options_that_cannot_be_meant_are_refused(string says, params string[] options)
    {
        Captured run = Captured.Run(["export", "scenes-vit", "--no-verify", "-o", folder["x.onnx"], .. options]);
        Assert.Equal(ExitCode.WrongUsage, run.ExitCode);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
    }
}
