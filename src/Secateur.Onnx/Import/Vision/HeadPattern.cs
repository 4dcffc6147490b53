using Secateur.Models.Checkpoints;
using Secateur.Models.Vit;
using Secateur.Onnx.Import.Patterns;

namespace Secateur.Onnx.Import.Vision;

/// <summary>From tokens to logits: final norm, pooling by class token or mean, a norm after it, a classifier; two whose answers are averaged where the network was distilled.</summary>
internal sealed record HeadPattern
{
    /// <summary>The tokens after the last block.</summary>
    public required Edge Tokens { get; init; }

    /// <summary>What is looked at.</summary>
    public required VitPooling Pooling { get; init; }

    /// <summary>The tokens whose mean that is; empty where it is none.</summary>
    public int[] Averaged { get; init; } = [];

    /// <summary>The norm of tokens; null where there is none.</summary>
    public NormPattern? Norm { get; init; }

    /// <summary>The norm after pooling; null where there is none.</summary>
    public NormPattern? PooledNorm { get; init; }

    /// <summary>The classifier; null where there is none.</summary>
    public LinearPattern? Classifier { get; init; }

    /// <summary>The classifier of the distillation token; null where there is none.</summary>
    public LinearPattern? Distillation { get; init; }

    /// <summary>Matches.</summary>
    /// <param name="output">What the graph answers.</param>
    /// <exception cref="CheckpointException">An operator does not fit; it is named.</exception>
    public static HeadPattern Of(Edge output)
    {
        Edge y = output.Skip();
        y.RequireLogits();
        if (y.Scaled() is var (sum, half) && Math.Abs(half - .5) < 1e-6 && sum.Skip().Two("Add") is var (a, b) && LinearPattern.Of(a) is { } first && LinearPattern.Of(b) is { } second)
            return Distilled(first, second, y);
        return LinearPattern.Of(y) is { } classifier ? Pooled(classifier.Input) with { Classifier = classifier } : Pooled(y);
    }

    static HeadPattern Distilled(LinearPattern first, LinearPattern second, Edge y)
    {
        PooledToken a = PooledToken.Of(first.Input), b = PooledToken.Of(second.Input);
        if (a.Tokens is [1])
            (a, b, first, second) = (b, a, second, first);
        if (a.Tokens is not [0] || b.Tokens is not [1] || a.IsMean || b.IsMean || a.Source != b.Source || a.After?.Scale != b.After?.Scale || a.Before?.Scale != b.Before?.Scale || (a.After is not null && a.Before is not null))
            throw y.Expected("the answers about the class token and about the distillation token, averaged");
        return new() { Tokens = a.Source, Pooling = VitPooling.ClassToken, Norm = a.Before ?? a.After, Classifier = first, Distillation = second };
    }

    static HeadPattern Pooled(Edge edge)
    {
        Edge y = edge.Skip();
        if (y.Is("Concat") && y.Rank == 2 && y.Producer!.Inputs is [{ } token, { } mean])
        {
            PooledToken first = PooledToken.Of(token), second = PooledToken.Of(mean);
            if (first.IsMean || first.Tokens is not [0] || !second.IsMean || first.Source != second.Source || (first.Before ?? first.After)?.Scale != second.Before?.Scale)
                throw y.Expected("the class token and the mean of the patches, after the same norm");
            return new() { Tokens = first.Source, Pooling = VitPooling.ClassTokenAndAverage, Averaged = second.Tokens, Norm = second.Before, PooledNorm = second.After };
        }

        PooledToken pooled = PooledToken.Of(y);
        if (!pooled.IsMean && pooled.Tokens is not [0])
            throw y.Expected("the class token, which is the first, or the mean of the patches");
        // A norm of one token is the same before it is taken out and after.
        bool once = !pooled.IsMean && pooled.Before is null;
        return new()
        {
            Tokens = pooled.Source,
            Pooling = pooled.IsMean ? VitPooling.Average : VitPooling.ClassToken,
            Averaged = pooled.IsMean ? pooled.Tokens : [],
            Norm = once ? pooled.After : pooled.Before,
            PooledNorm = once ? null : pooled.After,
        };
    }
}
