using System.Collections.Immutable;

namespace Secateur.Models.Checkpoints;

/// <summary>Checks the weights of a network one by one, by name and shape, before anything is built.</summary>
internal sealed class WeightCheck(ITensorSource weights)
{
    /// <summary>A length that the weights themselves decide; <see cref="AnyOrNone"/> may be zero.</summary>
    public const int Any = WeightVisitor.Any, AnyOrNone = WeightVisitor.AnyOrNone;

    readonly HashSet<string> expected = [];

    /// <summary>A weight that must be there; its shape.</summary>
    /// <exception cref="CheckpointException">It is missing or misshapen.</exception>
    public ImmutableArray<int> Require(string name, params long[] shape) => Allow(name, shape)
        ? weights.Tensors[name].Shape
        : throw new CheckpointException($"{weights.Path}: the weight '{name}' is missing; expected shape {Describe(shape)}. The checkpoint is not complete, or of another kind of network.");

    /// <summary>A weight that may be there, and then has this shape; whether it is.</summary>
    /// <exception cref="CheckpointException">It is misshapen.</exception>
    public bool Allow(string name, params long[] shape)
    {
        expected.Add(name);
        if (!weights.Tensors.TryGetValue(name, out TensorInfo? info))
            return false;
        bool fits = info.Shape.Length == shape.Length;
        for (int i = 0; fits && i < shape.Length; i++)
            fits = shape[i] == AnyOrNone || (shape[i] == Any ? info.Shape[i] > 0 : info.Shape[i] == shape[i]);
        if (!fits)
            throw new CheckpointException($"{weights.Path}: the weight {Name(name)} has shape {TensorTypes.Describe(info.Shape)}; expected {Describe(shape)}.");
        if (!info.Type.IsFloating())
            throw new CheckpointException($"{weights.Path}: the weight {Name(name)} is of type {info.Type.Name()}; expected F32, F16, BF16 or F64.");
        return true;
    }

    /// <summary>Scale and shift of a norm.</summary>
    public void Norm(string name, int width, bool optional = false)
    {
        if (optional && !weights.Tensors.ContainsKey($"{name}.weight"))
            return;
        Require($"{name}.weight", width);
        Require($"{name}.bias", width);
    }

    /// <summary>All blocks up to the last that is named.</summary>
    /// <param name="width">Floats in a token.</param>
    /// <param name="headDim">Columns of a head.</param>
    /// <param name="gated">Whether neurons have gates.</param>
    public void Blocks(int width, int headDim, bool gated)
    {
        int last = weights.Tensors.Keys.Select(BlockOf).DefaultIfEmpty(0).Max();
        for (int block = 0; block <= last; block++)
            Block($"blocks.{block}", width, headDim, gated);
    }

    /// <summary>Refuses every weight that nobody asked for.</summary>
    /// <exception cref="CheckpointException">There is one.</exception>
    public void RefuseOthers()
    {
        if (weights.Tensors.Keys.FirstOrDefault(name => !expected.Contains(name)) is { } extra)
            throw new CheckpointException($"{weights.Path}: the weight {Name(extra)} of shape {TensorTypes.Describe(weights.Tensors[extra].Shape)} belongs to nothing that is known of such a network: it has a part that cannot run here.");
    }

    void Block(string block, int width, int headDim, bool gated)
    {
        Norm($"{block}.norm1", width);
        int attention = Require($"{block}.attn.proj.weight", width, AnyOrNone)[1];
        if (attention % headDim != 0)
            throw new CheckpointException($"{weights.Path}: the weight {Name($"{block}.attn.proj.weight")} has shape [{width}, {attention}]; expected a multiple of {headDim} columns, which a head has. Check the number of heads in config.json.");
        Require($"{block}.attn.qkv.weight", 3L * attention, width);
        Allow($"{block}.attn.qkv.bias", 3L * attention);
        Allow($"{block}.attn.proj.bias", width);
        Allow($"{block}.ls1.gamma", width);
        Norm($"{block}.norm2", width);
        int neurons = Require($"{block}.mlp.fc2.weight", width, AnyOrNone)[1];
        long first = gated ? 2L * neurons : neurons;
        Require($"{block}.mlp.fc1.weight", first, width);
        Allow($"{block}.mlp.fc1.bias", first);
        Allow($"{block}.mlp.fc2.bias", width);
        Allow($"{block}.ls2.gamma", width);
    }

    static int BlockOf(string name) =>
        name.StartsWith("blocks.", StringComparison.Ordinal) && int.TryParse(name.AsSpan(7, Math.Max(0, name.IndexOf('.', 7) - 7)), out int block) ? block : 0;

    string Name(string name) => weights is RenamedTensors renamed ? renamed.Describe(name) : $"'{name}'";

    static string Describe(long[] shape) => $"[{string.Join(", ", shape.Select(length => length < 0 ? "any" : length.ToString()))}]";
}
