using Secateur.Models.Checkpoints;
using Secateur.Models.Vit;
using Secateur.Onnx.Import.Patterns;
using Secateur.Onnx.Schema;

namespace Secateur.Onnx.Import.Vision;

/// <summary>From a graph that looks at pictures to a vision transformer of ours.</summary>
internal static class VisionImport
{
    /// <summary>Recognises a graph.</summary>
    /// <param name="source">The file.</param>
    /// <param name="input">The input that takes pictures.</param>
    /// <param name="output">The output that is to be the network's answer.</param>
    /// <exception cref="CheckpointException">An operator does not fit; the first is named.</exception>
    /// <returns>What the weights cannot say, the weights, and how bytes are normalised in the graph; null where it takes pictures that are.</returns>
    public static (VitConfig Config, LiftedWeights Weights, PixelPattern? Pixels) Of(OnnxSource source, ValueInfoProto input, string output)
    {
        Trial trial = VisionTrial.Of(source, input);
        var graph = new TriedGraph(source, new Dictionary<string, Trial> { [input.Name] = trial }, output);
        HeadPattern head = HeadPattern.Of(graph.Output);
        BlocksPattern blocks = BlocksPattern.NormFirst(head.Tokens);
        EmbeddingPattern embedding = EmbeddingPattern.Of(blocks.Input);
        int width = blocks.Input.Last(), prefix = embedding.Tokens.TakeWhile(token => token.Patch < 0).Count(), patch = PatchSize(embedding.Patches);
        Edge pictures = graph[input.Name], cut = embedding.Patches.In(0).Skip();
        PixelPattern? pixels = cut == pictures ? null : PixelPattern.Of(cut, pictures) ?? throw cut.Expected($"the pictures {pictures} as they are, or bytes that are normalised");
        if (embedding.Tokens.Skip(prefix).Where((token, i) => token.Patch != i).Any())
            throw blocks.Input.Expected("learnt tokens first, and then all patches in their order");
        if (head.Pooling != VitPooling.ClassToken && !head.Averaged.SequenceEqual(Enumerable.Range(prefix, embedding.Tokens.Count - prefix)))
            throw graph.Output.Expected($"the mean of the patches, without the {prefix} tokens before them");

        var weights = new LiftedWeights(source.Path);
        weights.Add("patch_embed.proj.weight", embedding.Patches.In(1));
        if (embedding.Patches.Maybe(2) is { } bias)
            weights.Add("patch_embed.proj.bias", bias);
        AddTokens(weights, [.. embedding.Tokens], prefix, head.Distillation is not null, width);
        if (embedding.Norm is not null)
            weights.Add("norm_pre", embedding.Norm, width);
        NormPattern?[] outer = [embedding.Norm, head.Norm, head.PooledNorm];
        var lifted = new BlockLift(weights, blocks, width, outer.OfType<NormPattern>().Select(norm => norm.Epsilon));
        if (head.Norm is not null)
            weights.Add("norm", head.Norm, width);
        if (head.PooledNorm is not null)
            weights.Add("fc_norm", head.PooledNorm, width);
        if (head.Classifier is not null)
            weights.Add("head", head.Classifier);
        if (head.Distillation is not null)
            weights.Add("head_dist", head.Distillation);

        (int rows, int columns) = (embedding.Patches.Outputs[0].Last(2), embedding.Patches.Outputs[0].Last());
        var config = new VitConfig
        {
            Architecture = Path.GetFileNameWithoutExtension(source.Path),
            ImageSize = (rows * patch, columns * patch),
            HeadDim = lifted.HeadDim,
            Epsilon = lifted.Epsilon,
            Activation = lifted.Activation,
            SwiGlu = lifted.Gated,
            Pooling = head.Pooling,
            Preprocessing = new() { Size = (rows * patch, columns * patch) },
        };
        VitWeights.Validate(weights, config);
        return (config, weights, pixels);
    }

    static int PatchSize(Node patches)
    {
        (Edge weight, Edge pictures) = (patches.In(1), patches.In(0));
        int side = weight.Last();
        int[] strides = patches.Ints("strides") ?? [1, 1];
        return weight.IsConstant && side > 0 && weight.Last(2) == side && strides.All(stride => stride == side) && pictures.Last() % side == 0 && pictures.Last(2) % side == 0
            ? side
            : throw patches.Refuse($"expected square patches of {pictures}, side by side");
    }

    // The position of a learnt token stands where the file had it; where some have one and some have none, it is part of the token.
    static void AddTokens(LiftedWeights weights, VisionToken[] tokens, int prefix, bool distilled, int width)
    {
        VisionToken[] learnt = tokens[..prefix];
        bool covered = learnt.All(token => token.Added is not null);
        float[][] values = [.. learnt.Select(token => covered || token.Added is null ? token.Learnt! : token.With(token.Learnt!).Added!)];
        int taken = 0;
        Take("cls_token", Math.Min(prefix, 1));
        Take("dist_token", distilled ? 1 : 0);
        Take("reg_token", prefix - taken);
        VisionToken[] placed = covered ? tokens : tokens[prefix..];
        weights.Add("pos_embed", [1, placed.Length, width], () => [.. placed.SelectMany(token => token.Added ?? new float[width])]);

        void Take(string name, int count)
        {
            int from = taken;
            if (count > 0 && from + count <= prefix)
                weights.Add(name, [1, count, width], () => [.. values[from..(from + count)].SelectMany(value => value)]);
            taken += count;
        }
    }
}
