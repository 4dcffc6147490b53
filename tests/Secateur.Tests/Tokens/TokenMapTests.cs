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
}
