using Secateur.Models.Bert;
using Secateur.Models.Checkpoints;
using Secateur.Onnx.Import.Patterns;
using Secateur.Onnx.Import.Vision;

namespace Secateur.Onnx.Import.Text;

/// <summary>From tokens to answers: the first token through BERT's pooler (a product and tanh) or RoBERTa's, or DistilBERT's product and ReLU, or as it is; a classifier of it, or
/// of each token; or a vector, of the pooler, the first token or the mean of all, perhaps divided by its length.</summary>
internal sealed record TextHeadPattern
{
    /// <summary>The tokens after the last block.</summary>
    public required Edge Tokens { get; init; }

    /// <summary>What is answered: for each token, each text, or a vector.</summary>
    public required TextTask Task { get; init; }

    /// <summary>What is looked at.</summary>
    public TextPooling Pooling { get; init; } = TextPooling.FirstToken;

    /// <summary>The product before tanh or ReLU; null where there is none.</summary>
    public LinearPattern? Before { get; init; }

    /// <summary>Whether it is ReLU.</summary>
    public bool Rectified { get; init; }

    /// <summary>The classifier; null where there is none.</summary>
    public LinearPattern? Classifier { get; init; }

    /// <summary>Whether a vector is divided by its length.</summary>
    public bool Normalise { get; init; }

    /// <summary>By what the tokens are multiplied before their mean: the mask; null where there is none.</summary>
    public Edge? Weights { get; init; }

    /// <summary>Matches.</summary>
    /// <param name="output">What the graph answers.</param>
    /// <exception cref="CheckpointException">An operator does not fit; it is named.</exception>
    public static TextHeadPattern Of(Edge output)
    {
        Edge y = output.Skip();
        y.RequireLogits();
        if (NormPattern.Of(y) is not null && y.Rank == 3)
            return new() { Tokens = y, Task = TextTask.Embedding, Pooling = TextPooling.Mean };
        if (LinearPattern.Of(y) is { } classifier)
            return y.Rank == 3 && y.Last(2) > 1
                ? new() { Tokens = classifier.Input.Skip(), Task = TextTask.TokenClassification, Classifier = classifier }
                : Pooled(classifier.Input.Skip()) with { Task = TextTask.Classification, Classifier = classifier };
        return y.Is("Div") && Length(y.Producer!.In(1)) is { } vector && vector == y.Producer.In(0).Skip() ? Pooled(vector) with { Normalise = true } : Pooled(y);
    }

    static TextHeadPattern Pooled(Edge y)
    {
        if (y.Producer is { Op: "Tanh" or "Relu" } node && LinearPattern.Of(node.In(0)) is { } before)
            return new() { Tokens = First(before.Input), Task = TextTask.Embedding, Pooling = node.Op == "Tanh" ? TextPooling.Pooler : TextPooling.FirstToken, Before = before, Rectified = node.Op == "Relu" };
        return Mean(y) ?? new() { Tokens = First(y), Task = TextTask.Embedding };
    }

    static Edge First(Edge edge)
    {
        HeadView view = HeadView.Of(edge.Skip());
        return PooledToken.TokensOf(view, view.Source.Last(3)) is [0] ? view.Source : throw view.Source.Expected("the first token of each text");
    }

    // (sum of x * mask, or mask x) / max(sum of mask, a little)
    static TextHeadPattern? Mean(Edge y)
    {
        if (!y.Is("Div") || y.Producer!.Inputs is not [{ } over, { } under] || Sum(HeadView.Of(over).Source) is not var (tokens, weights))
            return null;
        return tokens.Rank == 3 && weights.Numbers?.All(weight => weight == 1) == true && under.Numbers?.All(count => count == tokens.Last(2)) == true
            ? new() { Tokens = tokens, Task = TextTask.Embedding, Pooling = TextPooling.Mean, Weights = weights }
            : null;
    }

    static (Edge Tokens, Edge Weights)? Sum(Edge edge) => edge.Producer switch
    {
        { Op: "ReduceSum" } sum when sum.In(0).Skip() is { Producer: { Op: "Mul", Inputs: [{ } a, { } b] }, Rank: 3 } && sum.Ints("axes", 1) is [var axis] && sum.Axis(axis, 3) == 1 => a.Numbers is null ? (a.Skip(), b) : (b.Skip(), a),
        { Op: "MatMul", Inputs: [{ Numbers: not null } weights, { } tokens] } when weights.Length == tokens.Length / tokens.Last() => (tokens.Skip(), weights),
        _ => null,
    };

    // What a vector's length is of, at least a little and spread over its columns.
    static Edge? Length(Edge edge)
    {
        for (int steps = 0; steps < 8 && edge.Producer is { Op: "Expand" or "Clip" or "Max" or "Unsqueeze" or "Identity" } node; steps++)
            edge = node.In(0).IsConstant && node.Maybe(1) is { } other ? other : node.In(0);
        return edge.Is("ReduceL2") ? edge.Producer!.In(0).Skip() : null;
    }
}
