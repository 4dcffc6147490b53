using Secateur.Compression.Tokens;
using Secateur.Models.Tokens;

namespace Secateur.Onnx.Export.Tokens;

/// <summary>The catalogue of token methods, as graphs: one line a method. What cannot be a graph of static counts says so in one line, and what to choose instead.</summary>
internal static class TokenGraphs
{
    static readonly Dictionary<Type, Func<ITokenReducer, IGraphReducer>> Known = new()
    {
        [typeof(ZeroTPrune)] = static reducer => new ZeroTPruneGraph((ZeroTPrune)reducer),
        [typeof(ZeroTPruneEarly)] = static reducer => new ZeroTPruneEarlyGraph((ZeroTPruneEarly)reducer),
        [typeof(TailEffectPruning)] = static reducer => new TailEffectGraph((TailEffectPruning)reducer),
        [typeof(EViT)] = static reducer => new EViTGraph((EViT)reducer),
        [typeof(TopK)] = static _ => new TopKGraph(),
        [typeof(SpAtten)] = static reducer => new SpAttenGraph((SpAtten)reducer),
        [typeof(ToMe)] = static reducer => new ToMeGraph((ToMe)reducer),
        [typeof(DiffRate)] = static reducer => new DiffRateGraph((DiffRate)reducer),
        [typeof(Ltmp)] = static reducer => new LtmpGraph((Ltmp)reducer),
        [typeof(DpcKnn)] = static reducer => new DpcKnnGraph((DpcKnn)reducer),
        [typeof(KMedoids)] = static reducer => new KMedoidsGraph((KMedoids)reducer),
        [typeof(RandomDrop)] = static reducer => new RandomDropGraph((RandomDrop)reducer),
        [typeof(CentreMask)] = static reducer => new CentreMaskGraph((CentreMask)reducer),
        [typeof(Composition)] = static reducer => new CompositionGraph((Composition)reducer),
        [typeof(DynamicVit)] = static reducer => new DynamicVitGraph((DynamicVit)reducer),
    };

    static readonly Dictionary<Type, string> Refused = new()
    {
        [typeof(AdaptiveTokenSampling)] = "ATS keeps as many tokens as each picture asks for, and a graph has fixed counts; choose top-k, which looks at the class token's attention too.",
        [typeof(AVit)] = "A-ViT halts as many tokens as each picture asks for, and a graph has fixed counts; choose dynamic-vit-untrained, which drops a fixed number.",
    };

    /// <summary>The graph of a method.</summary>
    /// <param name="reducer">Any of the catalogue.</param>
    /// <returns>What adds its nodes.</returns>
    /// <exception cref="OnnxExportException">It cannot be one; the message says why, and what to choose instead.</exception>
    public static IGraphReducer For(ITokenReducer reducer) => Known.TryGetValue(reducer.GetType(), out Func<ITokenReducer, IGraphReducer>? make)
        ? make(reducer)
        : throw new OnnxExportException(Refused.TryGetValue(reducer.GetType(), out string? why)
            ? why
            : $"There is no graph for {TokenMethods.Of(reducer).Title} yet; choose zero-tprune.");
}
