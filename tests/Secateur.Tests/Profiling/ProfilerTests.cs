using System.Xml.Linq;
using Secateur.Evaluation.Profiling;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Profiling;

public sealed class ProfilerTests
{
    /// <summary>No warm-up: a formula needs none, and every run is one that counts (but for one before each round).</summary>
    static readonly ProfilerOptions Quick = new() { WarmUp = 0, Rounds = 12 };

    static double Linear(int tokens) => 1 + (0.02 * tokens);

    static double Waves(int tokens) => 0.5 + (0.8 * ((tokens + 63) / 64));

    [Fact]
    public void Every_count_is_measured_as_often_in_an_order_of_each_round_s_own()
    {
        var source = new SyntheticLatency(Linear, 0.05);
        LatencyProfile profile = new Profiler(source, Quick with { Stride = 1, Precision = 0 }).Run();
        Assert.True(profile.Finished);
        Assert.Equal(Enumerable.Range(2, 196), profile.At(1).Points.Select(point => point.Tokens));
        Assert.All(profile.At(1).Points, point => Assert.Equal(12, point.Samples));
        Assert.Equal(12 * 197, source.Runs.Count);
        int[] first = [.. source.Runs.Take(197).Skip(1).Select(run => run.Tokens)], second = [.. source.Runs.Skip(197).Take(197).Skip(1).Select(run => run.Tokens)];
        Assert.NotEqual(first, second);
        Assert.NotEqual(first.Order(), first);
        Assert.Equal(first.Order(), second.Order());
    }

    [Fact]
    public void The_same_seed_gives_the_same_order()
    {
        SyntheticLatency one = new(Linear), other = new(Linear), third = new(Linear);
        new Profiler(one, Quick).Run();
        new Profiler(other, Quick).Run();
        new Profiler(third, Quick with { Seed = 1 }).Run();
        Assert.Equal(one.Runs, other.Runs);
        Assert.NotEqual(one.Runs, third.Runs);
    }

    [Fact]
    public void Counts_whose_median_is_sure_are_not_measured_again()
    {
        LatencyProfile profile = new Profiler(new SyntheticLatency(Linear), Quick with { Stride = 1 }).Run();
        Assert.All(profile.At(1).Points, point => Assert.Equal(Quick.FewestRounds, point.Samples));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_coarse_grid_becomes_fine_where_the_steps_are(int batch)
    {
        var source = new SyntheticLatency(Waves, 0.004);
        LatencyProfile profile = new Profiler(source, Quick with { Batches = [batch] }).Run();
        Assert.Equal([(64, 65), (128, 129), (192, 193)], profile.At(batch).Steps.Select(step => (step.Tokens, step.Next)));
        Assert.InRange(profile.At(batch).Points.Length, 30, 100);
    }

    [Fact]
    public void Steps_closer_than_the_coarse_grid_are_found_too()
    {
        var source = new SyntheticLatency(tokens => 0.5 + (0.1 * ((tokens + 4) / 5)), 0.001);
        LatencyProfile profile = new Profiler(source, Quick).Run();
        Assert.Equal(196, profile.At(1).Points.Length);
        Assert.Equal(Enumerable.Range(1, 39).Select(i => 5 * i), profile.At(1).Steps.Select(step => step.Tokens));
    }

    [Fact]
    public void A_smooth_curve_stays_coarse_and_says_so()
    {
        LatencyProfile profile = new Profiler(new SyntheticLatency(Linear, 0.004), Quick).Run();
        Assert.Empty(profile.At(1).Steps);
        Assert.InRange(profile.At(1).Points.Length, 30, 70);
        Assert.Contains("No step", ProfileWords.Steps(profile.At(1)));
    }

    [Fact]
    public void A_machine_that_slows_down_on_the_way_changes_no_shape()
    {
        // Three times as slow from one run to the next, in the middle of a round, and back; and a sine all along.
        var source = new SyntheticLatency(Linear, 0.002) { Drift = run => (run is > 700 and < 1400 ? 3 : 1) * (1 + (0.3 * Math.Sin(run / 200.0))) };
        BatchLatency profile = new Profiler(source, Quick with { Stride = 1, Precision = 0 }).Run().At(1);
        Assert.Empty(profile.Steps);

        // 3%: within a round the sine moves by a third of its height, and shuffled orders leave a part of that in a median of 12.
        Assert.Equal(Linear(197) / Linear(50), profile.Latency(197) / profile.Latency(50), 0.03 * Linear(197) / Linear(50));
    }

    [Fact]
    public void Blocks_and_what_is_outside_add_up_to_the_whole()
    {
        LatencyProfile profile = new Profiler(new SyntheticLatency(Linear, 0.05), Quick with { Stride = 20, Batches = [2, 3] }).Run();
        foreach (int batch in (int[])[2, 3])
            foreach (LatencyPoint point in profile.At(batch).Points)
                Assert.Equal(point.Milliseconds.Median, point.Outside + point.Blocks.Sum(block => block.Total), 1e-9);
        Assert.Equal(profile.Latency(3, 197), profile.Predict(3, Profiles.Constant(2, 196)), 1e-9);
    }

    [Fact]
    public void A_runtime_that_knows_only_the_whole_is_profiled_too()
    {
        LatencyProfile profile = new Profiler(new SyntheticLatency(Linear) { KnowsBlocks = false }, Quick with { Stride = 20 }).Run();
        Assert.All(profile.At(1).Points, point => Assert.Empty(point.Blocks));
        Assert.Equal(profile.Latency(1, 100), profile.Predict(1, Profiles.Constant(2, 99)), 1e-9);
        Assert.Equal(LatencyProfileFile.Print(profile), LatencyProfileFile.Print(LatencyProfileFile.Parse(LatencyProfileFile.Print(profile))));
    }

    [Fact]
    public void Seconds_end_it_once_every_count_ran()
    {
        var source = new SyntheticLatency(_ => 100);
        LatencyProfile profile = new Profiler(source, Quick with { Stride = 49, Seconds = 1, Batches = [1, 2] }).Run();
        Assert.All(profile.At(1).Points, point => Assert.InRange(point.Samples, 1, 2));
        Assert.All(profile.At(2).Points, point => Assert.Equal(1, point.Samples));
    }

    [Fact]
    public void What_was_stopped_is_saved_and_gone_on_with()
    {
        LatencyProfile? saved = null;
        var options = Quick with { Stride = 49, Precision = 0, Batches = [1, 4] };
        using (var stop = new CancellationTokenSource())
        {
            var source = new SyntheticLatency(Linear, 0.01) { Before = run => { if (run == 100) stop.Cancel(); } };
            Assert.Throws<OperationCanceledException>(() => new Profiler(source, options, profile => saved = profile).Run(null, stop.Token));
        }

        int before = saved!.Batches.Sum(batch => batch.Samples.Length);
        Assert.False(saved.Finished);
        Assert.InRange(before, 80, 100);
        saved = LatencyProfileFile.Parse(LatencyProfileFile.Print(saved));

        // Stopped again at once: nothing is lost, of no batch size.
        using (var stop = new CancellationTokenSource())
        {
            stop.Cancel();
            LatencyProfile? again = null;
            Assert.Throws<OperationCanceledException>(() => new Profiler(new SyntheticLatency(Linear), options, profile => again = profile).Run(saved, stop.Token));
            Assert.Equal(before, again!.Batches.Sum(batch => batch.Samples.Length));
        }

        var rest = new SyntheticLatency(Linear, 0.01);
        LatencyProfile finished = new Profiler(rest, options).Run(saved);
        Assert.True(finished.Finished);
        Assert.All(finished.Batches.SelectMany(batch => batch.Points), point => Assert.InRange(point.Samples, 12, 13));
        Assert.All(finished.Batches, batch => Assert.Empty(batch.Samples));
        Assert.InRange(rest.Runs.Count, 1, (12 * 6 * 2) - before + 24);
    }

    [Fact]
    public void A_profile_of_something_else_is_not_gone_on_with()
    {
        var profiler = new Profiler(new SyntheticLatency(Linear), Quick);
        LatencyProfile own = profiler.Run();
        Assert.Null(profiler.WhyNot(own));
        Assert.Contains("other weights", profiler.WhyNot(own with { WeightsHash = new('0', 64) }));
        Assert.Contains("another device (cores", profiler.WhyNot(own with { Device = own.Device with { Cores = own.Device.Cores + 1 } }));
        Assert.Contains("3 threads, not 1", profiler.WhyNot(own with { Threads = 3 }));
        Assert.Contains("in another, not formula", profiler.WhyNot(own with { Runtime = "another" }));
        Assert.Contains("batch 1, not 1, 2", new Profiler(new SyntheticLatency(Linear), Quick with { Batches = [1, 2] }).WhyNot(own));
        Assert.Throws<ArgumentException>(() => profiler.Run(own with { Threads = 3 }));
    }

    [Fact]
    public void What_cannot_be_measured_is_refused()
    {
        foreach (ProfilerOptions wrong in (ProfilerOptions[])[Quick with { From = 1 }, Quick with { To = 198 }, Quick with { From = 9, To = 8 }, Quick with { Batches = [] }, Quick with { Batches = [2, 2] }, Quick with { Batches = [0] }, Quick with { Stride = 0 }, Quick with { Rounds = 0 }])
            Assert.ThrowsAny<ArgumentException>(() => new Profiler(new SyntheticLatency(Linear), wrong));
    }

    [Fact]
    public void In_the_engine_every_block_sees_as_many_tokens_as_are_profiled()
    {
        VisionTransformer network = TinyNetworks.Load("tiny-dinov2-registers");
        var source = new EngineLatency(network);
        int full = network.PrefixTokens + network.PatchTokens;
        Assert.Same(TokenPlan.Dense, source.Plan(full));
        foreach (int tokens in (int[])[network.PrefixTokens + 1, full / 2, full - 1])
            Assert.All(source.Plan(tokens).PatchesByBlock(network.Depth, network.PatchTokens), block => Assert.Equal((tokens - network.PrefixTokens, tokens - network.PrefixTokens), block));

        source.Prepare(2);
        var blocks = new BlockLatency[network.Depth];
        double whole = source.Run(full / 2, blocks);
        Assert.All(blocks, block => Assert.True(block.Attention > 0 && block.Mlp > 0));
        Assert.InRange(blocks.Sum(block => block.Total), 0, whole);
        Assert.Throws<ArgumentOutOfRangeException>(() => source.Run(full + 1, blocks));
        Assert.Throws<ArgumentOutOfRangeException>(() => source.Run(network.PrefixTokens - 1, blocks));
    }

    [Fact]
    public void The_picture_is_XML_that_says_in_words_what_it_shows()
    {
        LatencyProfile profile = new Profiler(new SyntheticLatency(Waves, 0.004), Quick with { Batches = [1, 4] }).Run() with { Architecture = "<a & \"b\" \u0001\ud800>" };
        XNamespace svg = "http://www.w3.org/2000/svg";
        XElement picture = XDocument.Parse(ProfilePicture.Draw(profile)).Root!;
        Assert.Equal(svg + "svg", picture.Name);
        Assert.Equal("<a & \"b\" >: latency against tokens", picture.Element(svg + "title")!.Value);
        Assert.Contains("3 steps, the largest", picture.Element(svg + "desc")!.Value);
        Assert.Contains("prefers-color-scheme: dark", picture.Element(svg + "style")!.Value);
        Assert.Equal(2, picture.Descendants(svg + "polyline").Count());
        Assert.Equal(6, picture.Descendants(svg + "line").Count(line => line.Attribute("class")!.Value == "step"));
        Assert.Equal(profile.Batches.Sum(batch => batch.Points.Length), picture.Descendants(svg + "circle").Count());
        Assert.DoesNotContain("NaN", picture.ToString());
        ProfilePicture.Draw(profile with { Batches = [] });
        ProfilePicture.Draw(Profiles.Small);
    }
}
