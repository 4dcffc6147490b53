using Secateur.Models;

namespace Secateur.Compression.Structured.Score;

/// <summary>The weights of one block, unit by unit.</summary>
internal sealed class BlockWeights
{
    readonly BlockShape shape;
    readonly float[] queryKeyValue;
    readonly float[] projection;
    readonly float[] first;
    readonly float[] second;

    /// <summary>Reads them.</summary>
    /// <param name="network">Whose.</param>
    /// <param name="block">Which.</param>
    public BlockWeights(Transformer network, int block)
    {
        shape = network.Blocks[block];
        Dictionary<string, float[]> weights = [];
        string prefix = $"blocks.{block}.";
        network.VisitWeights((name, dimensions, read) =>
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal))
                return;
            var values = new float[dimensions.Aggregate(1, (product, length) => product * length)];
            read(values);
            weights[name[prefix.Length..]] = values;
        });
        (queryKeyValue, first) = (weights["attn.qkv.weight"], weights["mlp.fc1.weight"]);
        projection = Outgoing(weights["attn.proj.weight"], network.Width, weights.GetValueOrDefault("ls1.gamma"));
        second = Outgoing(weights["mlp.fc2.weight"], network.Width, weights.GetValueOrDefault("ls2.gamma"));
        Width = network.Width;
    }

    /// <summary>Floats in a token.</summary>
    public int Width { get; }

    /// <summary>What the head's columns add to a token, LayerScale included, [headDim, width].</summary>
    public ReadOnlySpan<float> OfHead(int head) => projection.AsSpan(head * shape.HeadDim * Width, shape.HeadDim * Width);

    /// <summary>What the neuron adds to a token for each unit of its activation, LayerScale included, [width].</summary>
    public ReadOnlyMemory<float> OfNeuron(int neuron) => second.AsMemory(neuron * Width, Width);

    /// <summary>Every weight of a head: queries, keys, values, projection.</summary>
    public IEnumerable<float> AllOfHead(int head)
    {
        int length = shape.HeadDim * Width, all = shape.Heads * length;
        return Enumerable.Range(0, 3).SelectMany(part => queryKeyValue.Skip((part * all) + (head * length)).Take(length)).Concat(OfHead(head).ToArray());
    }

    /// <summary>Every weight of a neuron: in, its gate's if there is one, out.</summary>
    public IEnumerable<float> AllOfNeuron(int neuron) =>
        Enumerable.Range(0, shape.Gated ? 2 : 1).SelectMany(part => first.Skip(((part * shape.Neurons) + neuron) * Width).Take(Width)).Concat(OfNeuron(neuron).ToArray());

    /// <summary>[width, inputs] as [inputs, width], each column times its LayerScale.</summary>
    static float[] Outgoing(float[] weight, int width, float[]? scale)
    {
        int inputs = weight.Length / width;
        var rows = new float[weight.Length];
        for (int c = 0; c < width; c++)
            for (int i = 0; i < inputs; i++)
                rows[(i * width) + c] = weight[(c * inputs) + i] * (scale?[c] ?? 1);
        return rows;
    }
}
