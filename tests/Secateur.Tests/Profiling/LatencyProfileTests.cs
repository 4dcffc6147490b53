using Secateur.Evaluation.Profiling;

namespace Secateur.Tests.Profiling;

public sealed class LatencyProfileTests
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(4, 2)]
    [InlineData(6, 3)]
    [InlineData(9, 7.5)]
    [InlineData(10, 9)]
    [InlineData(1, 0.5)]
    [InlineData(11, 10.5)]
    [InlineData(0.5, 0.25)]
    public void The_latency_lies_on_straight_lines_between_what_was_measured_and_on_their_ends_beyond(double tokens, double milliseconds) =>
        Assert.Equal(milliseconds, Profiles.Small.Latency(1, tokens), 1e-12);

    [Fact]
    public void Where_one_count_was_measured_every_count_takes_as_long() =>
        Assert.Equal(30, Profiles.Small.Latency(4, 3));

    [Fact]
    public void A_block_is_its_attention_and_its_MLP() =>
        Assert.Equal((1 + 3.5) / 2, Profiles.Small.Block(1, 0, 8), 1e-12);

    [Theory]
    [InlineData(9)]
    [InlineData(5)]
    [InlineData(3)]
    [InlineData(1)]
    public void A_plan_that_keeps_the_same_count_everywhere_takes_what_the_whole_network_takes_there(int patches) =>
        Assert.Equal(Profiles.Small.Latency(1, 1 + patches), Profiles.Small.Predict(1, Profiles.Constant(2, patches)), 1e-12);

    [Fact]
    public void A_cut_between_attention_and_MLP_costs_the_attention_before_and_the_MLP_after_it()
    {
        // Block 0: attention at 10 tokens, MLP at 6; block 1 at 2 tokens, the head too.
        double expected = 2.5 + 0.5 + 0.05 + 0.15 + 0.5;
        Assert.Equal(expected, Profiles.Small.Predict(1, [(9, 5), (1, 1)]), 1e-12);
    }

    [Fact]
    public void Without_blocks_each_is_an_equal_part_of_the_whole()
    {
        LatencyProfile whole = Profiles.Small with
        {
            Batches = [.. Profiles.Small.Batches.Select(batch => batch with { Points = [.. batch.Points.Select(point => point with { Outside = 0, Blocks = [] })] })],
        };
        Assert.Equal((9 + 3 + 1 + 1) / 4.0, whole.Predict(1, [(9, 5), (1, 1)]), 1e-12);
        Assert.Throws<InvalidOperationException>(() => whole.Block(1, 0, 2));
    }

    [Fact]
    public void A_batch_that_was_not_measured_is_refused_by_name() =>
        Assert.Contains("Batch 2 was not profiled, only 1, 4", Assert.Throws<ArgumentException>(() => Profiles.Small.Latency(2, 5)).Message);

    [Fact]
    public void A_plan_of_another_depth_is_refused() =>
        Assert.Throws<ArgumentException>(() => Profiles.Small.Predict(1, Profiles.Constant(3, 5)));

    [Theory]
    [InlineData(0, "0 ms")]
    [InlineData(2.6, "2.60 ms")]
    [InlineData(-0.04567, "-0.0457 ms")]
    [InlineData(16.54, "16.5 ms")]
    [InlineData(1236.7, "1237 ms")]
    [InlineData(0.000001, "0.00000 ms")]
    public void Milliseconds_are_said_with_three_digits(double milliseconds, string words) =>
        Assert.Equal(words, ProfileWords.Milliseconds(milliseconds));

    [Fact]
    public void A_fingerprint_says_the_same_every_time_and_what_differs()
    {
        var here = DeviceFingerprint.OfThisMachine();
        Assert.Equal(here, DeviceFingerprint.OfThisMachine());
        Assert.Equal(12, here.Hash.Length);
        Assert.Equal("", here.Differences(here));
        DeviceFingerprint more = here with { Cores = here.Cores + 1 };
        Assert.NotEqual(here.Hash, more.Hash);
        Assert.Equal($"cores {here.Cores}, not {more.Cores}", here.Differences(more));
        Assert.DoesNotContain(Environment.MachineName, here.Processor);
    }
}
