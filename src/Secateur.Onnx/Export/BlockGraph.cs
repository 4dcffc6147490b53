using Secateur.Kernels;
using Secateur.Models;
using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export;

/// <summary>What all blocks of a network have in common.</summary>
/// <param name="Epsilon">Of norms.</param>
/// <param name="Activation">Of the MLP, where it is not gated.</param>
/// <param name="NormFirst">Whether norms come before attention and MLP (ViT), or after the sums (BERT).</param>
internal sealed record BlockStyle(float Epsilon, Activation Activation, bool NormFirst);

/// <summary>What a block's attention computes, for methods that look.</summary>
/// <param name="Query">[batch, heads, tokens, head].</param>
/// <param name="Key">[batch, heads, tokens, head].</param>
/// <param name="Content">Values, [batch, heads, tokens, head].</param>
/// <param name="Attention">After softmax, [batch, heads, tokens, tokens], row = query.</param>
/// <param name="Outputs">What each head adds up, [batch, heads, tokens, head].</param>
/// <param name="Whole">Queries, keys and values, head after head, [batch, tokens, heads * head].</param>
internal sealed record AttentionValues(Value Query, Value Key, Value Content, Value Attention, Value Outputs, Value[] Whole);

/// <summary>A block as a graph: attention, then MLP, each with its sum and its norm. Where the number of tokens is known, the rows of all sequences lie
/// one after the other, [batch * tokens, width]: products are one Gemm each. Texts of any length are [batch, tokens, width].</summary>
internal sealed class BlockGraph(OnnxGraph graph, GraphWeights weights, BlockStyle style, int index, BlockShape shape)
{
    readonly string name = $"blocks.{index}";

    /// <summary>x + scale * projection(attention(norm(x))); post-norm: norm(x + scale * projection(attention(x))).</summary>
    /// <param name="x">[batch * tokens, width], or [batch, tokens, width].</param>
    /// <param name="batch">Sequences.</param>
    /// <param name="tokens">Of each.</param>
    /// <param name="bias">Added to every query's products with the keys, such as sizes or masks, [batch, 1, 1, tokens]; or null.</param>
    /// <param name="heads">Which heads count; the others attend to nothing. Null for all.</param>
    /// <returns>What goes to the MLP, and what attention computed; null in a block without heads.</returns>
    public (Value Rows, AttentionValues? Seen) Attention(Value x, Dimension batch, Dimension tokens, Value? bias = null, GraphHeads? heads = null)
    {
        using OnnxGraph.Scope scope = graph.In($"{name}/attn");
        Value read = style.NormFirst ? weights.Norm($"{name}.norm1", x, style.Epsilon) : x;
        (Value? mixed, AttentionValues? seen) = shape.Heads == 0 ? (null, null) : Mix(read, batch, tokens, bias, heads);
        Value? added = mixed is null ? weights.Bias($"{name}.attn.proj") : weights.Linear($"{name}.attn.proj", mixed);
        Value sum = added is null ? x : graph.Add(x, Scaled(added, "ls1"));
        return (style.NormFirst ? sum : weights.Norm($"{name}.norm1", sum, style.Epsilon), seen);
    }

    /// <summary>x + scale * fc2(activation(fc1(norm(x)))); post-norm: norm(x + scale * fc2(activation(fc1(x)))).</summary>
    /// <param name="x">[batch * tokens, width], or [batch, tokens, width].</param>
    public Value Mlp(Value x)
    {
        using OnnxGraph.Scope scope = graph.In($"{name}/mlp");
        Value read = style.NormFirst ? weights.Norm($"{name}.norm2", x, style.Epsilon) : x;
        Value? added = shape.Neurons == 0 ? weights.Bias($"{name}.mlp.fc2") : weights.Linear($"{name}.mlp.fc2", Neurons(weights.Linear($"{name}.mlp.fc1", read)));
        Value sum = added is null ? x : graph.Add(x, Scaled(added, "ls2"));
        return style.NormFirst ? sum : weights.Norm($"{name}.norm2", sum, style.Epsilon);
    }

    (Value Mixed, AttentionValues Seen) Mix(Value read, Dimension batch, Dimension tokens, Value? bias, GraphHeads? heads)
    {
        int width = shape.Heads * shape.HeadDim;
        Value linear = weights.Linear($"{name}.attn.qkv", read);
        Value apart = graph.Transpose(graph.Reshape(linear, batch, tokens, 3 * shape.Heads, shape.HeadDim), 0, 2, 1, 3);
        Value[] parts = graph.Split(apart, 1, shape.Heads, shape.Heads, shape.Heads), whole = graph.Split(graph.Reshape(linear, batch, tokens, 3 * width), 2, width, width, width);
        (Value query, Value key, Value content) = (parts[0], parts[1], parts[2]);
        Value products = graph.MatrixProduct(graph.Multiply(query, graph.Number(1 / MathF.Sqrt(shape.HeadDim))), graph.Transpose(key, 0, 1, 3, 2));
        Value attention = graph.Softmax(bias is null ? products : graph.Add(products, bias));
        Value outputs = graph.MatrixProduct(attention, content);
        if (heads is not null)
        {
            Value on = graph.Unsqueeze(graph.Unsqueeze(heads.On, -1), -1);
            (attention, outputs) = (graph.Multiply(attention, on), graph.Multiply(outputs, on));
        }

        Value mixed = graph.Reshape(graph.Transpose(outputs, 0, 2, 1, 3), [.. read.Shape[..^1], width]);
        return (mixed, new(query, key, content, attention, outputs, whole));
    }

    Value Neurons(Value hidden)
    {
        if (!shape.Gated)
            return GraphWeights.Activate(graph, hidden, style.Activation);
        Value[] halves = graph.Split(hidden, -1, shape.Neurons, shape.Neurons);
        return graph.Multiply(GraphWeights.Activate(graph, halves[0], Activation.Silu), halves[1]);
    }

    Value Scaled(Value added, string name) => weights.Has($"{this.name}.{name}.gamma") ? graph.Multiply(added, weights[$"{this.name}.{name}.gamma"]) : added;
}
