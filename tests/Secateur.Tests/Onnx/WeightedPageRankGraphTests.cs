using Secateur.Compression.Tokens;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Onnx.Export;
using Secateur.Onnx.Export.Tokens;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Onnx;

/// <summary>Votes in a graph: unrolled or as powers, whichever multiplies less.</summary>
public sealed class WeightedPageRankGraphTests
{
    [Theory]
    [InlineData(1, 197, 0)]
    [InlineData(50, 197, 0)] // what the paper asks for: a square would cost 197 votes
    [InlineData(1000, 197, 2)] // 2 squares for 394, 250 votes over the fourth power
    [InlineData(1000, 1370, 0)]
    [InlineData(1000, 17, 5)] // 5 squares for 85, 31 votes over the 32nd power and 1 for the 8 that are left
    public void Attention_is_squared_only_where_that_multiplies_less(int votes, int tokens, int squarings)
    {
        Assert.Equal(squarings, WeightedPageRankGraph.Squarings(votes, tokens));
        long chosen = Cost(squarings);
        for (int other = 0; votes >> other > 0; other++)
            Assert.True(chosen <= Cost(other), $"{other} squares");

        // In votes: a square is one for each token; then the votes over the highest power, and one for each lower power that is left over.
        long Cost(int squares) => ((long)squares * tokens) + (votes / (1 << squares)) + Convert.ToString(votes % (1 << squares), 2).Count(bit => bit == '1');
    }

    [Fact]
    public void A_stage_is_some_fifty_nodes_and_two_more_a_vote()
    {
        VisionTransformer network = TinyNetworks.Load("tiny-vit");
        int dense = OnnxExport.Vision(network).Nodes;
        int one = Nodes(new() { Similar = 5, Iterations = 1 }), six = Nodes(new() { Similar = 5, Iterations = 6 });
        Assert.InRange(one, 45, 60);
        Assert.Equal(10, six - one);
        Assert.Equal(2, Nodes(new() { Similar = 5, Iterations = 2, Epsilon = .01 }) - Nodes(new() { Similar = 5, Iterations = 2 }) - 3);

        int Nodes(ZeroTPruneOptions options) =>
            OnnxExport.Vision(network, new("one stage", [new(2, TokenPosition.AfterBlock, new ZeroTPrune(options)) { Keep = .7 }])).Nodes - dense;
    }

    [Theory]
    [InlineData(.1)]
    [InlineData(1 / 3.0)]
    [InlineData(1e-9)]
    public void A_threshold_as_a_float_is_not_above_it(double threshold)
    {
        float rounded = WeightedPageRankGraph.NotAbove(threshold);
        Assert.True(rounded <= threshold && MathF.BitIncrement(rounded) > threshold);
    }
}
