using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens.Scores;

/// <summary>How important each token is, as a graph: a value of its own, so that any score may feed any rule.</summary>
internal interface IGraphScore
{
    /// <summary>Adds the nodes that score the tokens.</summary>
    /// <param name="view">What is there to look at.</param>
    /// <returns>The larger, the more important; those of prefix tokens mean nothing. [batch, tokens], or [1, tokens] where all pictures have the same.</returns>
    Value Score(GraphView view);
}
