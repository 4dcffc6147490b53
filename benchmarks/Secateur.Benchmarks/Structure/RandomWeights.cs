using System.Collections.Immutable;
using Secateur.Kernels;
using Secateur.Models.Bert;
using Secateur.Models.Checkpoints;
using Secateur.Models.Vit;

namespace Secateur.Benchmarks.Structure;

/// <summary>Weights drawn by a seed, in the shapes of networks that are not at hand: counts and times are theirs, answers are not.</summary>
internal sealed class RandomWeights : ITensorSource
{
    readonly Dictionary<string, TensorInfo> tensors = [];

    public string Path => "random weights";

    public IReadOnlyDictionary<string, TensorInfo> Tensors => tensors;

    /// <summary>DeiT-S: 12 blocks, width 384, 6 heads, 1536 neurons, 1000 classes.</summary>
    public static VisionTransformer DeitSmall(Threads threads)
    {
        const int width = 384;
        var weights = new RandomWeights();
        weights.Add("cls_token", 1, 1, width);
        weights.Add("pos_embed", 1, 197, width);
        weights.Add("patch_embed.proj.weight", width, 3, 16, 16);
        weights.Add("patch_embed.proj.bias", width);
        weights.AddBlocks(12, width, 4 * width);
        weights.AddNorm("norm", width);
        weights.AddLinear("head", 1000, width);
        return new(new() { Architecture = "DeiT-S, random weights", ImageSize = (224, 224), HeadDim = 64 }, weights, new() { Threads = threads });
    }

    /// <summary>BERT-base: 12 blocks, width 768, 12 heads, 3072 neurons, two classes.</summary>
    public static TextTransformer BertBase(Threads threads)
    {
        const int width = 768;
        var weights = new RandomWeights();
        weights.Add("word_embed.weight", 30522, width);
        weights.Add("pos_embed.weight", 512, width);
        weights.Add("type_embed.weight", 2, width);
        weights.AddNorm("norm_embed", width);
        weights.AddBlocks(12, width, 4 * width);
        weights.AddLinear("pooler", width, width);
        weights.AddLinear("head", 2, width);
        var config = new TextConfig { Architecture = "BERT-base, random weights", Task = TextTask.Classification, Pooling = TextPooling.Pooler, HeadDim = 64, LongestText = 512 };
        return new(config, weights, new() { Threads = threads });
    }

    /// <summary>Norms are ones and zeros; everything else is drawn with a standard deviation of 0.02, as such networks start, times five, so
    /// that units differ as if something had been learnt.</summary>
    public void Read(string name, Span<float> destination)
    {
        if (name.Contains("norm", StringComparison.Ordinal))
        {
            destination.Fill(name.EndsWith(".weight", StringComparison.Ordinal) ? 1 : 0);
            return;
        }

        var random = new Random(name.Aggregate(17, (hash, c) => (hash * 31) + c));
        foreach (ref float value in destination)
            value = (float)(0.1 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
    }

    void AddBlocks(int depth, int width, int neurons)
    {
        for (int i = 0; i < depth; i++)
        {
            AddNorm($"blocks.{i}.norm1", width);
            AddLinear($"blocks.{i}.attn.qkv", 3 * width, width);
            AddLinear($"blocks.{i}.attn.proj", width, width);
            AddNorm($"blocks.{i}.norm2", width);
            AddLinear($"blocks.{i}.mlp.fc1", neurons, width);
            AddLinear($"blocks.{i}.mlp.fc2", width, neurons);
        }
    }

    void AddNorm(string name, int width)
    {
        Add($"{name}.weight", width);
        Add($"{name}.bias", width);
    }

    void AddLinear(string name, int outputs, int inputs)
    {
        Add($"{name}.weight", outputs, inputs);
        Add($"{name}.bias", outputs);
    }

    void Add(string name, params ImmutableArray<int> shape) => tensors[name] = new(name, TensorType.F32, shape);
}
