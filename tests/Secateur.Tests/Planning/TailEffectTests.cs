using System.Collections.Immutable;
using Secateur.Compression.Tokens;
using Secateur.Evaluation.Planning;
using Secateur.Models.Tokens;

namespace Secateur.Tests.Planning;

public sealed class TailEffectTests
{
    static readonly TailEffectPoint[] Points = [new(2, 1, 0.1), new(3, 2, 0.6), new(5, 4, 0.8), new(4, 3, 0.8)];

    [Fact]
    public void Utilities_are_the_equations_by_falling_number_of_tokens()
    {
        ImmutableArray<TailEffectUtility> utilities = TailEffect.Utilities(Points, 0.5);
        Assert.Equal([5, 4, 3, 2], utilities.Select(one => one.Point.Tokens));
        Assert.Equal([0, 0.25, 0.5, 0.75], utilities.Select(one => one.OfLatency));
        double[] accuracy = [1, 1, 0.75, 0.125], utility = [0.5, 0.625, 0.625, 0.4375];
        for (int i = 0; i < 4; i++)
        {
            // 1e-12: rounding of double.
            Assert.Equal(accuracy[i], utilities[i].OfAccuracy, 1e-12);
            Assert.Equal(utility[i], utilities[i].Utility, 1e-12);
        }
    }

    [Fact]
    public void Of_equal_utilities_the_one_with_most_tokens_wins()
    {
        // Powers of two, so that the utilities are equal to the bit: 0.5 * (1/2 + 1) and 0.5 * (3/4 + 3/4).
        ImmutableArray<TailEffectUtility> utilities = TailEffect.Utilities([new(9, 8, 0.5), new(2, 2, 0.75), new(3, 4, 1), new(1, 7, 0)], 0.5);
        Assert.Equal(0.75, utilities.Max(one => one.Utility));
        Assert.Equal(3, TailEffect.Best(utilities).Point.Tokens);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 2)]
    public void Alpha_goes_from_accuracy_alone_to_latency_alone(double alpha, int tokens) =>
        Assert.Equal(tokens, TailEffect.Best(TailEffect.Utilities(Points, alpha)).Point.Tokens);

    [Fact]
    public void Pruning_leads_to_the_chosen_number_and_as_released_to_two_more()
    {
        Assert.Equal(57, TailEffect.PatchesToPrune(140, 196, 1, compatibility: false));

        // The released code: R = 195 - n*.
        Assert.Equal(55, TailEffect.PatchesToPrune(140, 196, 1, compatibility: true));
        Assert.Equal(0, TailEffect.PatchesToPrune(197, 196, 1, compatibility: false));
        Assert.Equal(0, TailEffect.PatchesToPrune(196, 196, 1, compatibility: true));
    }

    [Theory]
    [InlineData(12, 3)]
    [InlineData(40, 10)]
    public void The_cut_is_at_a_quarter_of_the_depth_and_leaves_the_chosen_number(int depth, int block)
    {
        TokenStage stage = TailEffect.Stage(depth, TailEffect.PatchesToPrune(140, 196, 1, compatibility: false), new RandomDrop());
        ImmutableArray<(int Attention, int Mlp)> counts = new TokenPlan("cut", [stage]).PatchesByBlock(depth, 196);
        Assert.All(counts[..block], count => Assert.Equal((196, 196), count));
        Assert.Equal((196, 139), counts[block]);
        Assert.All(counts[(block + 1)..], count => Assert.Equal((139, 139), count));
    }
}
