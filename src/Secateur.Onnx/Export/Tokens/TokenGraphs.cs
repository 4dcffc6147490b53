using Secateur.Compression.Tokens;
using Secateur.Models.Tokens;

namespace Secateur.Onnx.Export.Tokens;

/// <summary>The catalogue of token methods, as graphs: one line a method. What cannot be a graph of static counts says so in one line, and what to choose instead.</summary>
internal static class TokenGraphs
{
    static readonly Dictionary<Type, Func<ITokenReducer, IGraphReducer>> Known = new()
    {
        [typeof(RandomDrop)] = static reducer => new RandomDropGraph((RandomDrop)reducer),
    };

    /// <summary>The graph of a method.</summary>
    /// <param name="reducer">Any of the catalogue.</param>
    /// <returns>What adds its nodes.</returns>
    /// <exception cref="OnnxExportException">It cannot be one; the message says why, and what to choose instead.</exception>
    public static IGraphReducer For(ITokenReducer reducer) => Known.TryGetValue(reducer.GetType(), out Func<ITokenReducer, IGraphReducer>? make)
        ? make(reducer)
        : throw new OnnxExportException($"There is no graph for {TokenMethods.Of(reducer).Title}.");
}
