using Secateur.Models.Bert;
using Secateur.Models.Checkpoints;
using Secateur.Onnx.Import.Patterns;

namespace Secateur.Onnx.Import.Text;

/// <summary>From a graph that reads texts to an encoder of ours.</summary>
internal static class TextImport
{
    /// <summary>Recognises a graph.</summary>
    /// <param name="source">The file.</param>
    /// <param name="output">The output that is to be the network's answer.</param>
    /// <exception cref="CheckpointException">An operator does not fit; the first is named.</exception>
    public static (TextConfig Config, LiftedWeights Weights) Of(OnnxSource source, string output)
    {
        var trial = TextTrial.Of(source);
        TriedGraph graph = new(source, trial.Inputs(padded: false), output), padded = new(source, trial.Inputs(padded: true), output);
        TextHeadPattern head = TextHeadPattern.Of(graph.Output);
        BlocksPattern blocks = BlocksPattern.NormLast(head.Tokens, TextEmbeddingPattern.IsOne);
        TextEmbeddingPattern embedding = TextEmbeddingPattern.Of(blocks.Input, trial);
        RequirePaddingHidden(blocks, head, trial, graph, padded);

        int width = blocks.Input.Last();
        bool roberta = embedding.FirstPosition > 0, distil = head.Rectified || (embedding.Types is null && head.Before is null && !roberta);
        bool before = head.Before is not null && (head.Rectified || roberta) && head.Task == TextTask.Classification;
        var weights = new LiftedWeights(source.Path);
        AddTable(weights, "word_embed", embedding.Words, width);
        AddTable(weights, "pos_embed", embedding.Positions, width);
        if (embedding.Types is { } types && embedding.OnlyType is { } only)
            weights.Add("type_embed.weight", [1, width], () => Floats(types)[(only * width)..((only + 1) * width)]);
        else if (embedding.Types is not null)
            AddTable(weights, "type_embed", embedding.Types, width);
        weights.Add("norm_embed", embedding.Norm, width);
        var lifted = new BlockLift(weights, blocks, width, [embedding.Norm.Epsilon]);
        if (head.Before is not null)
            weights.Add(before ? "pre_logits" : "pooler", head.Before);
        if (head.Classifier is not null)
            weights.Add("head", head.Classifier);

        var config = new TextConfig
        {
            Architecture = Path.GetFileNameWithoutExtension(source.Path),
            Family = distil ? TextFamily.DistilBert : roberta ? TextFamily.Roberta : TextFamily.Bert,
            Task = head.Task == TextTask.Classification && head.Classifier!.Outputs == 1 ? TextTask.Regression : head.Task,
            Pooling = before ? TextPooling.FirstToken : head.Pooling,
            Normalise = head.Normalise,
            HeadDim = lifted.HeadDim,
            Epsilon = lifted.Epsilon,
            Activation = lifted.Activation,
            FirstPosition = embedding.FirstPosition,
            LongestText = embedding.Longest,
        };
        TextWeights.Validate(weights, config);
        return (config, weights);
    }

    // Texts run here without padding, so that a mask may do nothing but hide it.
    static void RequirePaddingHidden(BlocksPattern blocks, TextHeadPattern head, TextTrial trial, TriedGraph graph, TriedGraph padded)
    {
        foreach (AttentionPattern attention in blocks.Halves.Select(block => block.Attention?.Attention).OfType<AttentionPattern>())
        {
            if (attention.Masks.Any(mask => !mask.Hides(null, _ => false)))
                throw attention.Masks[0].Bias.Expected("a mask that leaves attention as it is where there is no padding");
            if (trial.Mask is not null && !attention.Masks.Any(mask => mask.Hides(padded, trial.IsPadding)))
                throw (attention.Masks is [var first, ..] ? first.Bias : attention.Input).Expected($"the mask '{Node.Short(trial.Mask.Name)}' to hide padding from every token");
        }

        if (head.Weights is { } weights && trial.Mask is not null && padded[weights.Name] is { Numbers: { } numbers } edge
            && numbers.Where((number, i) => number != (trial.IsPadding(i / (edge.Length / trial.Shape[0] / trial.Length) % trial.Length) ? 0 : 1)).Any())
            throw graph.Output.Expected("the mean of all tokens but padding");
    }

    static void AddTable(LiftedWeights weights, string name, Edge table, int width) => weights.Add($"{name}.weight", [table.Length / width, width], () => Floats(table));

    static float[] Floats(Edge table) => table.Floats() ?? throw table.Expected("a stored table");
}
