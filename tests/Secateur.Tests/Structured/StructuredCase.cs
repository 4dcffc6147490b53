using System.Collections.Immutable;
using Secateur.Compression.Structured;
using Secateur.Kernels;
using Secateur.Models;
using Secateur.Models.Bert;
using Secateur.Models.Checkpoints;
using Secateur.Models.Text;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Tests.Bert;

namespace Secateur.Tests.Structured;

/// <summary>A small network and a few batches that it is looked at with.</summary>
internal sealed record StructuredCase(Transformer Network, Calibration Calibration)
{
    const string Text = "tiny-bert";

    /// <summary>A plain one; LayerScale and gates; texts, with norms after each half.</summary>
    public static ImmutableArray<string> Names { get; } = ["timm/augreg-vit", "timm/dinov2-giant-swiglu", Text];

    /// <summary>Multiply-adds: what budgets mean.</summary>
    public StructureCosts Costs => StructureCosts.Macs(Network, Calibration.Lengths, Network.OutsideMacs);

    public double Budget(double part) => part * Costs.Whole;

    public static StructuredCase Load(string name, Threads? threads = null, KernelSet? kernels = null) => name == Text ? Texts(name, threads, kernels) : Pictures(name, threads, kernels);

    /// <summary>A network that was saved.</summary>
    public static Transformer Open(string folder) => Transformer.Load(folder);

    /// <summary>The answers to the first batch.</summary>
    public float[] Answers(Transformer network)
    {
        TokenRows first = Calibration.Batches[0].Tokens, tokens = new(first.Sequences, first.Count, network.Width);
        tokens.CopyFrom(first);
        var logits = new float[network.Answers(tokens) * network.Classes];
        network.RunBlocks(tokens, 0, logits);
        return logits;
    }

    /// <summary>The whole network with the outgoing weights of units multiplied as a plan says, by 0 where they go: what surgery must equal,
    /// without any of its code.</summary>
    public Transformer Masked(StructurePlan plan)
    {
        var weights = new EditedWeights(Network);
        for (int i = 0; i < Network.Depth; i++)
        {
            LayerPlan layer = plan.Layers[i];
            BlockShape shape = Network.Blocks[i];
            Mask($"blocks.{i}.attn.proj", layer.Heads, layer.HeadScales, shape.Heads, shape.HeadDim, layer.AttentionBias);
            Mask($"blocks.{i}.mlp.fc2", layer.Neurons, layer.NeuronScales, shape.Neurons, 1, layer.MlpBias);
        }

        return Network.WithWeights(weights);

        void Mask(string product, ImmutableArray<int> kept, ImmutableArray<float> scales, int units, int unit, ImmutableArray<float> bias)
        {
            float[] weight = weights.Values[$"{product}.weight"];
            for (int i = 0; i < weight.Length; i++)
                weight[i] *= kept.IndexOf(i % (units * unit) / unit) is var at && at < 0 ? 0 : scales.IsEmpty ? 1 : scales[at];
            for (int c = 0; c < bias.Length; c++)
                weights.Values[$"{product}.bias"][c] += bias[c];
        }
    }

    /// <summary>The network with a neuron whose inputs do not matter.</summary>
    public Transformer WithConstantNeuron(int block, int neuron)
    {
        var weights = new EditedWeights(Network);
        float[] first = weights.Values[$"blocks.{block}.mlp.fc1.weight"], bias = weights.Values[$"blocks.{block}.mlp.fc1.bias"];
        for (int row = neuron; row < bias.Length; row += Network.Blocks[block].Neurons)
        {
            first.AsSpan(row * Network.Width, Network.Width).Clear();
            bias[row] = 2;
        }

        return Network.WithWeights(weights);
    }

    /// <summary>The network with heads 0 and 1 of a block alike, and neurons 0 and 1.</summary>
    public Transformer WithTwins(int block)
    {
        var weights = new EditedWeights(Network);
        BlockShape shape = Network.Blocks[block];
        for (int part = 0; part < 3; part++)
            Rows("attn.qkv", part * shape.Heads * shape.HeadDim, shape.HeadDim);
        Columns("attn.proj", shape.HeadDim);
        for (int part = 0; part < (shape.Gated ? 2 : 1); part++)
            Rows("mlp.fc1", part * shape.Neurons, 1);
        Columns("mlp.fc2", 1);
        return Network.WithWeights(weights);

        void Rows(string product, int first, int count)
        {
            float[] weight = weights.Values[$"blocks.{block}.{product}.weight"], bias = weights.Values[$"blocks.{block}.{product}.bias"];
            weight.AsSpan(first * Network.Width, count * Network.Width).CopyTo(weight.AsSpan((first + count) * Network.Width));
            bias.AsSpan(first, count).CopyTo(bias.AsSpan(first + count));
        }

        void Columns(string product, int count)
        {
            float[] weight = weights.Values[$"blocks.{block}.{product}.weight"];
            int columns = weight.Length / Network.Width;
            for (int c = 0; c < Network.Width; c++)
                weight.AsSpan(c * columns, count).CopyTo(weight.AsSpan((c * columns) + count));
        }
    }

    static StructuredCase Pictures(string name, Threads? threads, KernelSet? kernels)
    {
        VisionTransformer network = VisionTransformer.Load(Fixtures.Path(name), new() { Threads = threads, Kernels = kernels });
        var random = new Random(1);
        return Of(network, new[] { 2, 1 }.Select(count => network.Embed([.. Enumerable.Range(0, count * network.ImageLength).Select(_ => (float)(random.NextDouble() * 2) - 1)], count)));
    }

    static StructuredCase Texts(string name, Threads? threads, KernelSet? kernels)
    {
        TextTransformer network = TextNetworks.Load(name, kernels, threads);
        using SafetensorsFile expected = TextNetworks.Expected(name);
        ImmutableArray<TextTokens> texts = TextNetworks.Texts(expected);
        return Of(network, new[] { texts[..2], texts[2..3] }.Select(batch => network.Embed(TextBatch.Of(batch))));
    }

    static StructuredCase Of(Transformer network, IEnumerable<TokenRows> batches) => new(network, new(network, [.. batches.Select(tokens => new CalibrationBatch(tokens, []))]));

    sealed class EditedWeights : ITensorSource
    {
        readonly Dictionary<string, TensorInfo> tensors = [];

        public EditedWeights(Transformer network) => network.VisitWeights((name, shape, read) =>
        {
            tensors[name] = new(name, TensorType.F32, shape);
            read(Values[name] = new float[shape.Aggregate(1, (a, b) => a * b)]);
        });

        public Dictionary<string, float[]> Values { get; } = [];

        public string Path => "edited";

        public IReadOnlyDictionary<string, TensorInfo> Tensors => tensors;

        public void Read(string name, Span<float> destination) => Values[name].CopyTo(destination);
    }
}
