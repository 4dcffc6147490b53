using Secateur.Kernels;
using Secateur.Models.Checkpoints;
using Secateur.Onnx.Import.Patterns;

namespace Secateur.Onnx.Import;

/// <summary>From blocks that were recognised to their weights, and to what all of them must have in common.</summary>
internal sealed class BlockLift
{
    // Scales that were rounded to half precision are the same scale.
    const double Rounding = 1e-3;

    /// <summary>Adds the weights of all blocks.</summary>
    /// <param name="weights">Where to.</param>
    /// <param name="blocks">The blocks.</param>
    /// <param name="width">Floats in a token.</param>
    /// <param name="epsilons">Those of the norms outside of blocks.</param>
    /// <exception cref="CheckpointException">Blocks differ in what must be the same.</exception>
    public BlockLift(LiftedWeights weights, BlocksPattern blocks, int width, IEnumerable<float> epsilons)
    {
        HalfPattern[] halves = [.. blocks.Halves.SelectMany(block => new[] { block.Attention, block.Mlp }).OfType<HalfPattern>()];
        HeadDim = Same(halves.Where(half => half.Attention is not null).Select(half => (half.Attention!.HeadDim, half.Sum)), "columns of a head", width);
        Activation = Same(halves.Where(half => half.Mlp is not null).Select(half => (half.Mlp!.Activation, half.Sum)), "activation", Activation.Gelu);
        Gated = Same(halves.Where(half => half.Mlp is not null).Select(half => (half.Mlp!.Gates is not null, half.Sum)), "kind of MLP, gated or not", false);
        Epsilon = Same([.. halves.Where(half => half.Norm is not null).Select(half => (half.Norm!.Epsilon, half.Sum)), .. epsilons.Select(epsilon => (epsilon, blocks.Input))], "epsilon of norms", 1e-6f);
        if (blocks.Halves.Count == 0)
            throw blocks.Input.Expected("blocks of attention and MLP");
        for (int i = 0; i < blocks.Halves.Count; i++)
        {
            (HalfPattern? attention, HalfPattern? mlp) = blocks.Halves[i];
            Add(weights, $"blocks.{i}", attention, width);
            AddMlp(weights, $"blocks.{i}", mlp, width);
        }
    }

    /// <summary>Columns of a head.</summary>
    public int HeadDim { get; }

    /// <summary>The MLPs' activation.</summary>
    public Activation Activation { get; }

    /// <summary>Whether neurons have gates.</summary>
    public bool Gated { get; }

    /// <summary>Added to the variance in every norm.</summary>
    public float Epsilon { get; }

    void Add(LiftedWeights weights, string block, HalfPattern? half, int width)
    {
        weights.Add($"{block}.norm1", half?.Norm, width);
        if (half?.Attention is { } attention)
        {
            double times = attention.Scale * Math.Sqrt(HeadDim);
            if (!double.IsFinite(times))
                throw half.Sum.Expected("attention whose scale is a number");
            weights.Add($"{block}.attn.qkv", [attention.Query, attention.Key, attention.Value], Math.Abs(times - 1) < Rounding ? 1 : (float)times);
        }
        else
        {
            weights.Add($"{block}.attn.qkv.weight", [0, width], () => []);
        }

        Finish(weights, half, $"{block}.attn.proj", $"{block}.ls1", width);
    }

    void AddMlp(LiftedWeights weights, string block, HalfPattern? half, int width)
    {
        weights.Add($"{block}.norm2", half?.Norm, width);
        if (half?.Mlp is { } mlp)
            weights.Add($"{block}.mlp.fc1", mlp.Gates is { } gates ? [gates, mlp.Neurons] : [mlp.Neurons]);
        else
            weights.Add($"{block}.mlp.fc1.weight", [0, width], () => []);
        Finish(weights, half, $"{block}.mlp.fc2", $"{block}.ls2", width);
    }

    static void Finish(LiftedWeights weights, HalfPattern? half, string product, string layerScale, int width)
    {
        if (half?.Last is { } last)
            weights.Add(product, last);
        else
            weights.Add($"{product}.weight", [width, 0], () => []);
        if (half is { Last: null, Constant: { } constant })
            weights.Add($"{product}.bias", [width], () => constant.Floats() ?? throw constant.Expected("a stored bias"));
        if (half?.LayerScale is { } scale)
            weights.Add($"{layerScale}.gamma", [width], () => scale.Floats() ?? throw scale.Expected("a stored scale of each column"));
    }

    static T Same<T>(IEnumerable<(T Value, Edge Where)> all, string what, T none)
    {
        (T Value, Edge Where)[] found = [.. all];
        foreach ((T value, Edge where) in found)
            if (!EqualityComparer<T>.Default.Equals(value, found[0].Value))
                throw where.Expected($"the same {what} in all blocks; here it is {value}, and at first {found[0].Value}");
        return found.Length > 0 ? found[0].Value : none;
    }
}
