using Secateur.Cli;
using Secateur.Models.Checkpoints;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Cli;

public sealed class RunCommandTests : IDisposable
{
    const string Config = """
        {"architecture": "vit_tiny_for_tests", "num_classes": 10, "global_pool": "token",
         "model_args": {"img_size": 64, "patch_size": 8, "embed_dim": 64, "depth": 6, "num_heads": 4}}
        """;

    /// <summary>As the fixtures: after blocks 1 and 3 keep .8 and .6, five votes.</summary>
    const string Plan = """
        {"format": "secateur-token-plan", "version": 1, "name": "as in the fixtures", "method": "zero-tprune-early", "options": {"iterations": 5},
         "stages": [{"block": 1, "after": "block", "keep": 0.8}, {"block": 3, "after": "block", "keep": 0.6}]}
        """;

    /// <summary>Of the largest magnitude: float32 on both sides, sums in different orders.</summary>
    const double Tolerance = 2e-5;

    readonly TemporaryFolder folder = new();

    public RunCommandTests()
    {
        File.Copy(Fixtures.Path("tiny-vit/model.safetensors"), folder["model.safetensors"]);
        File.WriteAllText(folder["config.json"], Config);
        File.WriteAllText(folder["plan.json"], Plan);
    }

    static string Input => Fixtures.Path("tiny-vit/expected.safetensors");

    [Fact]
    public void A_dense_trace_is_the_reference_s_block_by_block()
    {
        using SafetensorsFile trace = Run("--trace"), expected = SafetensorsFile.Open(Input);
        string[] names = ["tokens_after_embedding", .. Enumerable.Range(0, 6).Select(i => $"block{i}.tokens"), "logits"];
        Assert.Equal([.. names.Order()], trace.Tensors.Keys.Order());
        foreach (string name in names)
        {
            Assert.Equal(expected.Tensors[$"dense.{name}"].Shape.AsEnumerable(), trace.Tensors[name].Shape.AsEnumerable());
            Assert.InRange(TinyNetworks.Difference(expected.Read($"dense.{name}"), trace.Read(name)), 0, Tolerance);
        }
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public void A_pruned_trace_has_tokens_and_decisions_of_the_reference(string batch)
    {
        using SafetensorsFile trace = Run("--trace", "--plan", folder["plan.json"], "--batch", batch), expected = SafetensorsFile.Open(Input);
        const string reference = "zerotprune-early.wpr5";
        foreach (string name in (string[])["block0.tokens", "block1.tokens", "block3.tokens", "block5.tokens", "logits"])
            Assert.InRange(TinyNetworks.Difference(expected.Read($"{reference}.{name}"), trace.Read(name)), 0, Tolerance);

        TensorInfo kept = expected.Tensors[$"{reference}.block1.kept"];
        var patches = new long[kept.Length];
        expected.ReadInt64(kept.Name, patches);
        for (int image = 0; image < 2; image++)
        {
            // The reference counts patches; here the class token is token 0 and always stays.
            long[] tokens = [0, .. patches.AsSpan(image * kept.Shape[1], kept.Shape[1]).ToArray().Select(patch => patch + 1)];
            Assert.Equal(tokens, Integers(trace, $"stage0.block1.image{image}.kept"));

            long[] group = Integers(trace, $"stage0.block1.image{image}.group");
            Assert.Equal(65, group.Length);
            for (int i = 0; i < tokens.Length; i++)
                Assert.Equal(i, group[tokens[i]]);
            Assert.Equal(65 - tokens.Length, group.Count(g => g == -1));
        }

        Assert.Equal([2, 65], trace.Tensors["source_of_each_input_token"].Shape.AsEnumerable());
    }

    [Fact]
    public void The_input_may_be_the_only_tensor_of_any_name()
    {
        using (SafetensorsFile all = SafetensorsFile.Open(Input))
            SafetensorsWriter.Write(folder["alone.safetensors"], [OutputTensor.Of("pictures", all.Tensors["input"].Shape, all.Read("input"))]);
        Captured run = Captured.Run("run", "--model", folder.Path, "--input", folder["alone.safetensors"], "-o", folder["out.safetensors"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        using SafetensorsFile named = Run(), output = SafetensorsFile.Open(folder["out.safetensors"]);
        Assert.Equal(named.Read("logits"), output.Read("logits"));
    }

    [Fact]
    public void The_input_is_never_overwritten()
    {
        File.Copy(Input, folder["x.safetensors"]);
        byte[] before = File.ReadAllBytes(folder["x.safetensors"]);
        Captured run = Captured.Run("run", "--model", folder.Path, "--input", folder["x.safetensors"], "-o", Path.Combine(folder.Path, ".", "x.safetensors"));
        Assert.Equal(ExitCode.WrongUsage, run.ExitCode);
        Assert.Equal(before, File.ReadAllBytes(folder["x.safetensors"]));
    }

    [Theory]
    [InlineData(new[] { 3, 64, 64 }, "[batch, channels, height, width]")]
    [InlineData(new[] { 1, 4, 64, 64 }, "[1, 4, 64, 64]")]
    [InlineData(new[] { 1, 3, 60, 64 }, "60 x 64")]
    public void An_input_of_another_shape_is_refused_by_its_shape(int[] shape, string said)
    {
        SafetensorsWriter.Write(folder["odd.safetensors"], [OutputTensor.Of("input", shape, new float[shape.Aggregate(1, (a, b) => a * b)])]);
        Captured run = Captured.Run("run", "--model", folder.Path, "--input", folder["odd.safetensors"], "-o", folder["out.safetensors"]);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains(said, run.Error);
        Assert.False(File.Exists(folder["out.safetensors"]));
    }

    public void Dispose() => folder.Dispose();

    static long[] Integers(SafetensorsFile file, string name)
    {
        var values = new long[file.Tensors[name].Length];
        file.ReadInt64(name, values);
        return values;
    }

    SafetensorsFile Run(params string[] more)
    {
        Captured run = Captured.Run(["run", "--model", folder.Path, "--input", Input, "-o", folder["y.safetensors"], .. more]);
        Assert.Equal("", run.ExitCode == ExitCode.Done ? "" : run.Error);
        return SafetensorsFile.Open(folder["y.safetensors"]);
    }
}
