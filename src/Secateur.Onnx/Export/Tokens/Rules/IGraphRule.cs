using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export.Tokens.Rules;

/// <summary>What a composition does with the tokens once they are ranked, as a graph.</summary>
internal interface IGraphRule
{
    /// <summary>Decides.</summary>
    /// <param name="view">What is there to look at.</param>
    /// <param name="scores">One a token, the larger the more important, [batch, tokens] or [1, tokens]; those of prefix tokens mean nothing.</param>
    /// <param name="remove">How many tokens go, at least 1.</param>
    GraphMap Decide(GraphView view, Value scores, int remove);
}
