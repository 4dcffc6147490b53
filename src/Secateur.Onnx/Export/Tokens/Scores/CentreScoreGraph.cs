using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens.Scores;

/// <summary>How near the picture's centre a token is from: 1 / (1 + distance in patches), a constant for each place.</summary>
internal sealed class CentreScoreGraph : IGraphScore
{
    public Value Score(GraphView view)
    {
        (int rows, int columns) = view.Grid;
        var places = new float[view.Prefix + (rows * columns)];
        for (int place = view.Prefix; place < places.Length; place++)
        {
            (int row, int column) = Math.DivRem(place - view.Prefix, columns);
            (int down, int right) = ((2 * row) - (rows - 1), (2 * column) - (columns - 1));
            places[place] = (float)(1 / (1 + (Math.Sqrt((down * down) + (right * right)) / 2)));
        }

        Value scores = view.Graph.Numbers(places, 1, places.Length);
        return view.State.Places is { } from ? GraphRows.Numbers(view.Graph, scores, from) : scores;
    }
}
