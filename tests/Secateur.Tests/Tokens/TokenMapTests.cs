using Secateur.Models.Tokens;

namespace Secateur.Tests.Tokens;

public sealed class TokenMapTests
{
    [Fact]
    public void Merging_is_the_size_weighted_mean()
    {
        var map = TokenMap.FromGroups([0, 1, 1, TokenMap.Dropped], 2);
        var rows = new float[4];
        var sizes = new float[4];
        map.Apply([5, 1, 4, 9], [1, 1, 2, 1], 1, 1, rows, sizes);
        Assert.Equal([5, 3, 0, 0], rows);
        Assert.Equal([1, 3, 0, 0], sizes);
    }
}
