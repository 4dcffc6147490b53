using Secateur.Kernels;
using Secateur.Models.Tokens;

namespace Secateur.Tests.Tokens;

public sealed class TokenMapTests
{
    [Fact]
    public void Merging_is_the_size_weighted_mean()
    {
        var map = TokenMap.FromGroups([0, 1, 1, TokenMap.Dropped], 2);
        Matrix rows = Matrix.Allocate(4, 1), merged = Matrix.Allocate(2, 1);
        for (int i = 0; i < 4; i++)
            rows.Row(i)[0] = new[] { 5f, 1, 4, 9 }[i];
        var sizes = new float[2];
        map.Apply(rows, [1, 1, 2, 1], merged, sizes);
        Assert.Equal([5, 3], [merged.Row(0)[0], merged.Row(1)[0]]);
        Assert.Equal([1, 3], sizes);
    }

    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(-1f, 2f)]
    [InlineData(float.NaN, 1f)]
    [InlineData(float.PositiveInfinity, 1f)]
    [InlineData(float.MaxValue, float.MaxValue)]
    public void Weights_that_give_no_mean_are_refused(float one, float other) =>
        Assert.Throws<ArgumentException>(() => TokenMap.FromGroups([0, 1, 1], 2, [1, one, other]));

    [Fact]
    public void A_token_alone_needs_no_weight() => Assert.Equal(2, TokenMap.FromGroups([0, 1, 1], 2, [0, 1, 0]).Count);

    [Fact]
    public void A_changed_plan_knows_whether_attention_is_proportional()
    {
        var plan = new TokenPlan("none", []);
        Assert.False(plan.ProportionalAttention);
        Assert.True((plan with { Stages = [new(0, TokenPosition.AfterBlock, new Proportional())] }).ProportionalAttention);
    }

    sealed class Proportional : ITokenReducer
    {
        public TokenSignals Needs => TokenSignals.None;

        public bool ProportionalAttention => true;

        public TokenMap Reduce(in TokenView view, int remove) => TokenMap.Identity(view.Count);
    }
}
