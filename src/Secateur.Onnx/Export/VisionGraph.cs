using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Onnx.Export.Tokens;
using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export;

/// <summary>A vision transformer under a plan as a graph: embedding, block after block with the plan's decisions between, head.</summary>
internal sealed class VisionGraph(OnnxGraph graph, VisionTransformer network, TokenPlan plan)
{
    readonly GraphWeights weights = new(graph, network);
    readonly VitConfig config = network.Config;

    /// <summary>The decisions, by the index of the stage in the plan, in the order in which they act.</summary>
    public List<(int Stage, GraphMap Map)> Decisions { get; } = [];

    /// <summary>Adds all nodes.</summary>
    /// <param name="images">Normalised pictures, [batch, channels, height, width].</param>
    /// <returns>Logits, [batch, classes].</returns>
    public Value Run(Value images) => Head(Blocks(Embedding(images)));

    /// <summary>Prefix tokens, then patches.</summary>
    public GraphTokens Embedding(Value images)
    {
        using OnnxGraph.Scope scope = graph.In("embed");
        (float[] prefix, float[] positions) = network.ReadPositions();
        Value weight = weights["patch_embed.proj.weight"];
        Value[] inputs = weights.Has("patch_embed.proj.bias") ? [images, weight, weights["patch_embed.proj.bias"]] : [images, weight];
        Dimension batch = images.Shape[0];
        Value cut = graph.Node("Conv", ElementType.Float, [batch, network.Width, network.Grid.Rows, network.Grid.Columns], inputs,
            OnnxGraph.Attribute("kernel_shape", [network.PatchSize, network.PatchSize]), OnnxGraph.Attribute("strides", [network.PatchSize, network.PatchSize]));
        Value patches = graph.Transpose(graph.Reshape(cut, batch, network.Width, network.PatchTokens), 0, 2, 1);
        Value tokens = graph.Add(patches, graph.Weight("pos_embed", () => positions, 1, network.PatchTokens, network.Width));
        if (network.PrefixTokens > 0)
            tokens = graph.Concat(1, Repeated(graph.Weight("prefix_tokens", () => prefix, 1, network.PrefixTokens, network.Width), batch, images), tokens);
        Value rows = graph.Reshape(tokens, batch.Times(tokens.Size(1)), network.Width);
        return new(weights.Has("norm_pre.weight") ? weights.Norm("norm_pre", rows, config.Epsilon) : rows, batch, tokens.Size(1));
    }

    /// <summary>All blocks, and the plan's decisions.</summary>
    public GraphTokens Blocks(GraphTokens state)
    {
        var style = new BlockStyle(config.Epsilon, config.Activation, NormFirst: true);
        for (int i = 0; i < network.Depth; i++)
        {
            var block = new BlockGraph(graph, weights, style, i, network.Blocks[i]);
            state = Decide(i, TokenPosition.BeforeBlock, state, null, null);
            Value entered = state.Rows;
            (Value rows, AttentionValues? seen) = block.Attention(state.Rows, state.Batch, state.Count, SizeBias(state), state.ForHeads(network.Blocks[i].Heads).Heads);
            state = Decide(i, TokenPosition.AfterAttention, state with { Rows = rows }, entered, seen);
            state = Decide(i, TokenPosition.AfterBlock, state with { Rows = block.Mlp(state.Rows) }, entered, seen);
        }

        return state;
    }

    /// <summary>Final norm, pooling, and one classifier, or two whose answers are averaged.</summary>
    public Value Head(GraphTokens state)
    {
        using OnnxGraph.Scope scope = graph.In("head");
        Value tokens = state.OfPictures(graph);
        Value Normed(Value x) => weights.Has("norm.weight") ? weights.Norm("norm", x, config.Epsilon) : x;
        Value Token(int index) => graph.Squeeze(Normed(graph.Slice(tokens, 1, index, index + 1)), 1);
        Value Mean()
        {
            Value mean = MeanOfPatches(state with { Rows = Normed(state.Rows) });
            return weights.Has("fc_norm.weight") ? weights.Norm("fc_norm", mean, config.Epsilon) : mean;
        }

        Value pooled = config.Pooling switch
        {
            VitPooling.ClassToken when weights.Has("fc_norm.weight") => weights.Norm("fc_norm", Token(0), config.Epsilon),
            VitPooling.ClassToken => Token(0),
            VitPooling.Average => Mean(),
            _ => graph.Concat(1, Token(0), Mean()),
        };
        if (!weights.Has("head.weight"))
            return pooled;
        Value logits = weights.Linear("head", pooled);
        return weights.Has("head_dist.weight")
            ? graph.Multiply(graph.Add(logits, weights.Linear("head_dist", Token(1))), graph.Number(.5f))
            : logits;
    }

    // Weighted by size; zeros when none is left.
    Value MeanOfPatches(GraphTokens state)
    {
        int prefix = network.PrefixTokens, count = state.Count;
        Value tokens = state.OfPictures(graph);
        if (prefix == count)
            return graph.Multiply(graph.Squeeze(graph.Slice(tokens, 1, 0, 1), 1), graph.Number(0f));
        Value patches = graph.Slice(tokens, 1, prefix, count);
        if (state.Sizes is null)
            return graph.Mean(patches, 1);
        Value sizes = graph.Slice(state.Sizes, 1, prefix, count);
        return graph.Divide(graph.Squeeze(graph.MatrixProduct(graph.Unsqueeze(sizes, 1), patches), 1), graph.Sum(sizes, 1, keep: true));
    }

    GraphTokens Decide(int block, TokenPosition position, GraphTokens state, Value? entered, AttentionValues? seen)
    {
        for (int i = 0; i < plan.Stages.Length; i++)
        {
            TokenStage stage = plan.Stages[i];
            if (stage.Block != block || stage.Position != position)
                continue;
            using OnnxGraph.Scope scope = graph.In($"stage.{i}");
            int patches = state.Count - network.PrefixTokens, remove = stage.CountToRemove(patches);
            if (remove == 0 && !stage.Reducer.Remembers)
                continue;
            var view = new GraphView
            {
                Graph = graph,
                State = state,
                Entered = entered,
                Seen = seen,
                Prefix = network.PrefixTokens,
                HasClassToken = weights.Has("cls_token"),
                Grid = network.Grid,
            };
            if (TokenGraphs.For(stage.Reducer).Reduce(view, remove) is not { } map)
                continue;
            Decisions.Add((i, map));
            state = state.Apply(graph, map);
        }

        return state;
    }

    // [batch, 1, 1, tokens]: the log of the sizes, for proportional attention.
    Value? SizeBias(GraphTokens state) => plan.ProportionalAttention && state.Sizes is { } sizes
        ? graph.Logarithm(graph.Unsqueeze(graph.Unsqueeze(sizes, 1), 1))
        : null;

    // What all pictures share, once for each.
    Value Repeated(Value shared, Dimension batch, Value images)
    {
        if (batch == 1)
            return shared;
        Value pictures = batch.Known ? graph.Whole([batch.Size]) : graph.Slice(graph.ShapeOf(images), 0, 0, 1);
        Value shape = graph.Concat(0, pictures, graph.Whole([shared.Size(1), shared.Size(2)]));
        return graph.Node("Expand", ElementType.Float, shared.With(0, batch), [shared, shape]);
    }
}
