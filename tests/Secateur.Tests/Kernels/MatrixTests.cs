using Secateur.Kernels;

namespace Secateur.Tests.Kernels;

public sealed class MatrixTests
{
    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 4)]
    [InlineData(2, 2)]
    [InlineData(3, -1)]
    public void A_slice_never_leaves_the_view_it_is_cut_from(int from, int count)
    {
        // The buffer goes on behind the view, in both directions.
        Matrix view = Matrix.Allocate(9, 9).SliceRows(3, 3).SliceColumns(3, 3);
        Assert.Throws<ArgumentOutOfRangeException>(() => view.SliceRows(from, count));
        Assert.Throws<ArgumentOutOfRangeException>(() => view.SliceColumns(from, count));
        Assert.Equal(3, view.SliceRows(0, 3).Rows);
        Assert.Equal(0, view.SliceColumns(3, 0).Columns);
    }
}
