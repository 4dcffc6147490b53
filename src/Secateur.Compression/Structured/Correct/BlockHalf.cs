using System.Collections.Immutable;
using Secateur.Kernels;
using Secateur.Models;

namespace Secateur.Compression.Structured.Correct;

/// <summary>Attention or MLP, where a correction treats them alike: units whose columns a product with weights adds to the tokens.</summary>
internal abstract class BlockHalf
{
    public static BlockHalf Attention { get; } = new AttentionHalf();

    public static BlockHalf Mlp { get; } = new MlpHalf();

    /// <summary>How many units a block has.</summary>
    public abstract int Units(BlockShape shape);

    /// <summary>Columns of one unit.</summary>
    public abstract int UnitColumns(BlockShape shape);

    /// <summary>The units that stay.</summary>
    public abstract ImmutableArray<int> Kept(LayerPlan layer);

    /// <summary>The columns of the units, [rows, columns].</summary>
    public abstract Matrix Activations(BlockActivations seen);

    /// <summary>What they are added to, [rows, width].</summary>
    public abstract Matrix Residual(BlockActivations seen);

    /// <summary>The layer plan with these scales on top of its own, and this added to its bias.</summary>
    public abstract LayerPlan Corrected(LayerPlan layer, ImmutableArray<float> scales, ImmutableArray<float> bias);

    /// <summary>The layer plan with other units and no corrections.</summary>
    public abstract LayerPlan Keeping(LayerPlan layer, ImmutableArray<int> kept);

    /// <summary>Weights from the units' columns to the tokens, LayerScale included, [width, columns].</summary>
    public float[] Outgoing(Transformer network, int block)
    {
        float[] weight = network.ReadWeight($"blocks.{block}.{Product}.weight");
        float[]? scale = Scale(network, block);
        int columns = weight.Length / network.Width;
        for (int c = 0; c < network.Width && scale is not null; c++)
            foreach (ref float value in weight.AsSpan(c * columns, columns))
                value *= scale[c];
        return weight;
    }

    /// <summary>What the bias adds to every token, LayerScale included, [width].</summary>
    public float[] Constant(Transformer network, int block)
    {
        float[]? bias = Find(network, $"blocks.{block}.{Product}.bias"), scale = Scale(network, block);
        return bias is null ? new float[network.Width] : scale is null ? bias : [.. bias.Zip(scale, (a, b) => a * b)];
    }

    /// <summary>The addition to the bias that adds a constant to every token, [width]: LayerScale comes after the bias.</summary>
    public ImmutableArray<float> Bias(Transformer network, int block, double[] constant)
    {
        float[]? scale = Scale(network, block);
        return [.. constant.Select((value, c) => scale is null ? (float)value : scale[c] == 0 ? 0 : (float)(value / scale[c]))];
    }

    protected abstract string Product { get; }

    protected abstract string LayerScale { get; }

    protected static ImmutableArray<float> Times(ImmutableArray<float> old, ImmutableArray<float> more) =>
        old.IsEmpty || more.IsEmpty ? (old.IsEmpty ? more : old) : [.. old.Zip(more, (a, b) => a * b)];

    protected static ImmutableArray<float> Plus(ImmutableArray<float> old, ImmutableArray<float> more) =>
        old.IsEmpty || more.IsEmpty ? (old.IsEmpty ? more : old) : [.. old.Zip(more, (a, b) => a + b)];

    float[]? Scale(Transformer network, int block) => Find(network, $"blocks.{block}.{LayerScale}");

    static float[]? Find(Transformer network, string name)
    {
        bool has = false;
        network.VisitWeights((found, _, _) => has |= found == name);
        return has ? network.ReadWeight(name) : null;
    }

    sealed class AttentionHalf : BlockHalf
    {
        protected override string Product => "attn.proj";

        protected override string LayerScale => "ls1.gamma";

        public override int Units(BlockShape shape) => shape.Heads;

        public override int UnitColumns(BlockShape shape) => shape.HeadDim;

        public override ImmutableArray<int> Kept(LayerPlan layer) => layer.Heads;

        public override Matrix Activations(BlockActivations seen) => seen.HeadOutputs;

        public override Matrix Residual(BlockActivations seen) => seen.Input;

        public override LayerPlan Corrected(LayerPlan layer, ImmutableArray<float> scales, ImmutableArray<float> bias) =>
            layer with { HeadScales = Times(layer.HeadScales, scales), AttentionBias = Plus(layer.AttentionBias, bias) };

        public override LayerPlan Keeping(LayerPlan layer, ImmutableArray<int> kept) => layer with { Heads = kept, HeadScales = [], AttentionBias = [] };
    }

    sealed class MlpHalf : BlockHalf
    {
        protected override string Product => "mlp.fc2";

        protected override string LayerScale => "ls2.gamma";

        public override int Units(BlockShape shape) => shape.Neurons;

        public override int UnitColumns(BlockShape shape) => 1;

        public override ImmutableArray<int> Kept(LayerPlan layer) => layer.Neurons;

        public override Matrix Activations(BlockActivations seen) => seen.Neurons;

        public override Matrix Residual(BlockActivations seen) => seen.Middle;

        public override LayerPlan Corrected(LayerPlan layer, ImmutableArray<float> scales, ImmutableArray<float> bias) =>
            layer with { NeuronScales = Times(layer.NeuronScales, scales), MlpBias = Plus(layer.MlpBias, bias) };

        public override LayerPlan Keeping(LayerPlan layer, ImmutableArray<int> kept) => layer with { Neurons = kept, NeuronScales = [], MlpBias = [] };
    }
}
