using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens.Scores;

/// <summary>What a seed draws is a constant of the graph.</summary>
/// <param name="seed">Of the draw.</param>
internal sealed class RandomScoreGraph(int seed) : IGraphScore
{
    public Value Score(GraphView view)
    {
        var random = new Random(seed);
        return view.Graph.Numbers([.. Enumerable.Range(0, view.Count).Select(_ => random.NextSingle())], 1, view.Count);
    }
}
