using System.Text.Json;
using Secateur.Cli;
using Secateur.Compression.Tokens;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Profiling;
using Secateur.Evaluation.Timing;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Onnx.Runtime;
using Secateur.Onnx.Serving;
using Secateur.Tests.Cli;

namespace Secateur.Tests.Onnx;

public sealed class ServingTests
{
    static readonly TimingOptions Few = new() { Rounds = 6, WarmUp = 1, WarmUpTime = TimeSpan.Zero };
    static readonly VisionTransformer Tiny = VisionTransformer.Load(Fixtures.Path("timm/augreg-vit"), new() { Threads = new(1) });
    static readonly TokenPlan Pruned = TokenPlans.Named("tome", Tiny.Depth, Tiny.PatchTokens);

    [SkippableFact]
    public void A_staircase_is_measured_in_the_other_runtime_and_is_not_taken_for_the_engines()
    {
        using var latency = new OnnxRuntimeLatency(Tiny, InstalledRuntime.Library, OnnxProvider.Cpu);
        var options = new ProfilerOptions { Stride = 7, Rounds = 2, WarmUp = 0, Batches = [1, 2] };
        LatencyProfile profile = new Profiler(latency, options).Run();
        Assert.True(profile.Finished);
        Assert.Equal($"onnxruntime {InstalledRuntime.Library.Version}, cpu", profile.Runtime);
        Assert.All(profile.Batches, batch => Assert.All(batch.Points, point => Assert.True(point.Milliseconds.Median > 0 && point.Blocks.IsEmpty)));
        Assert.Equal(profile.Latency(2, profile.FullTokens), profile.Predict(2, [.. Enumerable.Repeat((Tiny.PatchTokens, Tiny.PatchTokens), Tiny.Depth)]), 1e-9);
        Assert.Contains("it was measured in onnxruntime", new Profiler(new EngineLatency(Tiny), options).WhyNot(profile), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_plan_is_timed_in_the_other_runtime()
    {
        using var runner = new OnnxRuntimeRunner(Tiny, InstalledRuntime.Library, OnnxProvider.Cpu);
        PlanTiming timing = new PlanTimer(Tiny, Noise, 2, Few, runner).Measure(Pruned);
        Assert.True(timing.Plan.P50 > 0 && timing.Dense.P50 > 0);
        Assert.Equal((6, default, default), (timing.Rounds, timing.DenseStages, timing.PlanStages));
    }

    [SkippableFact]
    public void Runtimes_are_compared_plan_by_plan()
    {
        using var runner = new OnnxRuntimeRunner(Tiny, InstalledRuntime.Library, OnnxProvider.Cpu);
        RuntimeSeries series = RuntimeTimer.Measure(Tiny, [new EngineRunner(Tiny), runner], [Pruned], Noise, 1, Few);
        Assert.Equal([("secateur", "dense"), ("secateur", "tome"), (runner.Runtime, "dense"), (runner.Runtime, "tome")], series.Timings.Select(one => (one.Runtime, one.Plan)));
        Assert.Equal([false, true, false, true], series.Timings.Select(one => one.OverDense is not null));
        Assert.Equal([false, false, true, true], series.Timings.Select(one => one.OverFirst is not null));
    }

    [SkippableFact]
    public void A_network_that_is_too_large_for_memory_goes_through_a_file_and_gives_the_engines_answers()
    {
        OnnxTensor pictures = ServedPlan.Pictures(Tiny, 2);
        Noise.Read(0, pictures.Values<float>()[..Tiny.ImageLength]);
        float[] expected = Tiny.Run(pictures.Values<float>(), 2);
        foreach (long most in (long[])[0, long.MaxValue])
        {
            using var plan = new ServedPlan(Tiny, TokenPlan.Dense, 2, InstalledRuntime.Library, OnnxProvider.Cpu, spins: true, most);
            using OnnxBinding binding = plan.Bind(pictures, out OnnxTensor answers);
            for (int i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], answers.Values<float>()[i], 1e-4f); // other orders of sums
        }
    }

    [Fact]
    public void Adaptive_plans_say_why_they_cannot_be_served()
    {
        Assert.Null(OnnxRuntimeRunner.WhyNot(Pruned));
        Assert.Contains("choose", OnnxRuntimeRunner.WhyNot(TokenPlans.Named("ats", Tiny.Depth, Tiny.PatchTokens)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("onnxruntime 1.30.0, cpu", "cpu")]
    [InlineData("onnxruntime 1.30.0, tensorrt", "tensorrt")]
    [InlineData("onnxruntime 1.30.0, abacus", null)]
    [InlineData("onnxruntime 1.30.0", null)]
    [InlineData("secateur", null)]
    public void A_name_of_a_runtime_tells_its_provider(string runtime, string? provider) => Assert.Equal(provider, ServedRuntime.Provider(runtime)?.Name);

    [SkippableFact]
    public void The_tool_profiles_there_plans_for_it_and_times_plans_there()
    {
        _ = InstalledRuntime.Library;
        using var folder = new TemporaryFolder();
        Captured profile = Captured.Run("profile", "scenes-vit", "--runtime", "onnxruntime", "--stride", "98", "--rounds", "1", "-o", folder["profile.json"], "--json");
        Assert.Equal(ExitCode.Done, profile.ExitCode);
        Assert.StartsWith("onnxruntime ", JsonDocument.Parse(profile.Out).RootElement.GetProperty("runtime").GetString(), StringComparison.Ordinal);
        Captured plan = Captured.Run(
            "plan", "budget", "scenes-vit", "--latency", "0.9x", "--profile", folder["profile.json"], "--images", "scenes:4", "--methods", "ats,tome", "--candidates", "1", "--rounds", "6", "-o", folder["plan.json"]);
        Assert.Contains("left out, since they cannot be graphs: ats", plan.Error, StringComparison.Ordinal);
        Assert.Contains("plans are timed in onnxruntime", plan.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void The_tool_compares_runtimes_and_says_whether_plans_are_fast_enough_in_each()
    {
        _ = InstalledRuntime.Library;
        Captured run = Captured.Run("bench", "scenes-vit", "--plan", "tome", "--runtime", "onnxruntime", "--rounds", "6", "--data", "scenes:2", "--require-faster", "500x", "--json");
        Assert.Equal(ExitCode.No, run.ExitCode);
        JsonElement json = JsonDocument.Parse(run.Out).RootElement;
        Assert.False(json.GetProperty("fastEnough").GetBoolean());
        Assert.Equal(4, json.GetProperty("series")[0].GetProperty("timings").GetArrayLength());
        Captured adaptive = Captured.Run("bench", "scenes-vit", "--plan", "ats", "--runtime", "onnxruntime", "--data", "scenes:2");
        Assert.Equal(ExitCode.WrongUsage, adaptive.ExitCode);
        Assert.Contains("ats cannot be timed in ONNX Runtime", adaptive.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--provider is for onnxruntime", "--provider", "cuda")]
    [InlineData("not recognized", "--runtime", "tensorflow")]
    public void Runtimes_and_providers_that_do_not_fit_are_refused(string because, params string[] options)
    {
        Captured run = Captured.Run(["bench", "scenes-vit", .. options]);
        Assert.Equal(ExitCode.WrongUsage, run.ExitCode);
        Assert.Contains(because, run.Error, StringComparison.OrdinalIgnoreCase);
    }

    static NoisePictures Noise => new(Tiny, 4);
}
