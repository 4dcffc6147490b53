using Secateur.Models.Bert;
using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export;

/// <summary>An encoder of texts as a graph: embedding, block after block under a mask, head. Texts are padded at their ends.</summary>
internal sealed class TextGraph(OnnxGraph graph, TextTransformer network)
{
    /// <summary>Added to what a query says to padding: e to this is 0 in every floating-point type, and 16-bit floats hold it.</summary>
    const float Masked = -10000;

    readonly GraphWeights weights = new(graph, network);
    readonly TextConfig config = network.Config;

    /// <summary>Adds all nodes.</summary>
    /// <param name="ids">Numbers in the vocabulary, int64 [batch, sequence].</param>
    /// <param name="mask">1 for tokens, 0 for padding, int64 [batch, sequence].</param>
    /// <param name="types">Which part of a pair each token belongs to, int64 [batch, sequence]; null where the network does not look at them.</param>
    /// <returns>Answers, [batch, classes]; [batch, sequence, classes] where each token is classified.</returns>
    public Value Run(Value ids, Value mask, Value? types) => Head(Blocks(Embedding(ids, types), mask), mask);

    /// <summary>Word, type and position, added up and normed, [batch, sequence, width].</summary>
    public Value Embedding(Value ids, Value? types)
    {
        using OnnxGraph.Scope scope = graph.In("embed");
        Value tokens = graph.Gather(weights["word_embed.weight"], ids, 0);
        if (types is not null)
            tokens = graph.Add(tokens, graph.Gather(weights["type_embed.weight"], types, 0));
        else if (network.Types > 0)
            tokens = graph.Add(tokens, graph.Slice(weights["type_embed.weight"], 0, 0, 1));
        return weights.Norm("norm_embed", graph.Add(tokens, Positions(ids)), config.Epsilon);
    }

    Value Blocks(Value tokens, Value mask)
    {
        Value bias;
        using (graph.In("mask"))
            bias = graph.Multiply(graph.Subtract(graph.Number(1f), graph.Cast(graph.Unsqueeze(graph.Unsqueeze(mask, 1), 2), ElementType.Float)), graph.Number(Masked));
        var style = new BlockStyle(config.Epsilon, config.Activation, NormFirst: false);
        for (int i = 0; i < network.Depth; i++)
        {
            var block = new BlockGraph(graph, weights, style, i, network.Blocks[i]);
            tokens = block.Mlp(block.Attention(tokens, tokens.Shape[0], tokens.Shape[1], bias).Rows);
        }

        return tokens;
    }

    Value Head(Value tokens, Value mask)
    {
        using OnnxGraph.Scope scope = graph.In("head");
        if (config.Task == TextTask.TokenClassification)
            return weights.Linear("head", tokens);
        Value pooled = config.Pooling == TextPooling.Mean ? Mean(tokens, mask) : graph.Squeeze(graph.Slice(tokens, 1, 0, 1), 1);
        if (config.Pooling == TextPooling.Pooler)
            pooled = graph.Tanh(weights.Linear("pooler", pooled));
        if (config.Task == TextTask.Embedding)
            return config.Normalise ? graph.Divide(pooled, graph.Larger(graph.Length(pooled, 1, keep: true), graph.Number(1e-12f))) : pooled;
        if (weights.Has("pre_logits.weight"))
        {
            Value before = weights.Linear("pre_logits", pooled);
            pooled = config.Family == TextFamily.DistilBert ? graph.Rectify(before) : graph.Tanh(before);
        }

        return weights.Linear("head", pooled);
    }

    // Rows of the position embeddings from the first that texts use, [sequence, width].
    Value Positions(Value ids)
    {
        Value all = weights["pos_embed.weight"];
        int first = config.FirstPosition;
        if (ids.Side(1).Known)
            return graph.Slice(all, 0, first, first + ids.Size(1));
        Value end = graph.Slice(graph.ShapeOf(ids), 0, 1, 2);
        if (first > 0)
            end = graph.Add(end, graph.Whole([first]));
        return graph.Node("Slice", ElementType.Float, [ids.Side(1), all.Side(1)], [all, graph.Whole([first]), end, graph.Whole([0])]);
    }

    // The mean of what is not padding.
    Value Mean(Value tokens, Value mask)
    {
        Value counted = graph.Cast(mask, ElementType.Float);
        Value sum = graph.Squeeze(graph.MatrixProduct(graph.Unsqueeze(counted, 1), tokens), 1);
        return graph.Divide(sum, graph.Larger(graph.Sum(counted, 1, keep: true), graph.Number(1e-9f)));
    }
}
