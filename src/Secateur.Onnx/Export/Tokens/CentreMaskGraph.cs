using Secateur.Compression.Tokens;
using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens;

/// <summary>The centre mask: how near each place is to the middle is a constant of the graph; so is who goes, while all tokens are in their places.</summary>
internal sealed class CentreMaskGraph(CentreMask method) : IGraphReducer
{
    public GraphMap Reduce(GraphView view, int remove)
    {
        // How near each place is to the middle, in half patches, so that the numbers are whole; prefix tokens stay.
        var nearness = new float[view.Prefix + (view.Grid.Rows * view.Grid.Columns)];
        for (int place = 0; place < nearness.Length; place++)
            nearness[place] = place < view.Prefix ? 1 : -Distance(view, place - view.Prefix);
        if (view.State.Places is null)
            return GraphMap.Keep(ConstantChoice.Keep(view, nearness, remove));
        Value places = view.State.Places, near = GraphRows.Numbers(view.Graph, view.Graph.Numbers(nearness, 1, nearness.Length), places);
        return GraphMap.Keep(GraphSelection.Rising(view, GraphSelection.Best(view, near, view.Count - remove)));
    }

    // Of L2 the square: it changes no order.
    int Distance(GraphView view, int patch)
    {
        (int row, int column) = Math.DivRem(patch, view.Grid.Columns);
        int down = Math.Abs((2 * row) - (view.Grid.Rows - 1)), right = Math.Abs((2 * column) - (view.Grid.Columns - 1));
        return method.Options.Norm switch
        {
            CentreNorm.L1 => down + right,
            CentreNorm.L2 => (down * down) + (right * right),
            _ => Math.Max(down, right),
        };
    }
}
