namespace Secateur.Onnx.Export;

/// <summary>A token method as a graph: decides as its <see cref="Models.Tokens.ITokenReducer"/> does, with static counts.</summary>
internal interface IGraphReducer
{
    /// <summary>Adds the nodes that decide about the tokens of every picture.</summary>
    /// <param name="view">What is there to look at.</param>
    /// <param name="remove">How many tokens go, in [0, patches].</param>
    /// <returns>The decision; null where every token stays as it is.</returns>
    GraphMap? Reduce(GraphView view, int remove);
}
