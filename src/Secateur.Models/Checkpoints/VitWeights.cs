using System.Collections.Immutable;
using Secateur.Models.Vit;

namespace Secateur.Models.Checkpoints;

/// <summary>What weights a vision transformer has, and whether these are they.</summary>
public static class VitWeights
{
    /// <summary>Checks that every weight is there with the shape that the others imply, and none besides, before anything is built.</summary>
    /// <param name="weights">Tensors under timm names.</param>
    /// <param name="config">What the weights cannot say.</param>
    /// <exception cref="CheckpointException">The first problem: file, weight, shape found, shape expected.</exception>
    public static void Validate(ITensorSource weights, VitConfig config)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(config);
        new Check(weights, config).Run();
    }

    sealed class Check(ITensorSource weights, VitConfig config)
    {
        const int Any = WeightVisitor.Any, AnyOrNone = WeightVisitor.AnyOrNone;

        readonly HashSet<string> expected = [];

        public void Run()
        {
            ImmutableArray<int> patch = Require("patch_embed.proj.weight", Any, Any, Any, Any);
            int width = patch[0];
            Allow("patch_embed.proj.bias", width);
            bool classToken = Allow("cls_token", 1, 1, width), distillationToken = Allow("dist_token", 1, 1, width);
            Allow("reg_token", 1, Any, width);
            Require("pos_embed", 1, Any, width);
            Norm("norm_pre", width, optional: true);

            int last = weights.Tensors.Keys.Select(BlockOf).DefaultIfEmpty(0).Max();
            for (int block = 0; block <= last; block++)
                Block($"blocks.{block}", width);

            Norm("norm", width, optional: true);
            Norm("fc_norm", width, optional: true);
            int classes = Allow("head.weight", Any, config.Pooling == VitPooling.ClassTokenAndAverage ? 2 * width : width) ? weights.Tensors["head.weight"].Shape[0] : 0;
            if (classes > 0)
                Allow("head.bias", classes);
            if (classes > 0 && distillationToken && Allow("head_dist.weight", classes, width))
                Allow("head_dist.bias", classes);
            if (config.Pooling != VitPooling.Average && !classToken)
                throw new CheckpointException($"{weights.Path}: the weight 'cls_token' is missing; expected [1, 1, {width}], since the head looks at the class token. Check global_pool in config.json.");
            if (weights.Tensors.Keys.FirstOrDefault(name => !expected.Contains(name)) is { } extra)
                throw new CheckpointException($"{weights.Path}: the weight {Name(extra)} of shape {TensorTypes.Describe(weights.Tensors[extra].Shape)} belongs to nothing that is known of such a network: it has a part that cannot run here.");
        }

        void Block(string block, int width)
        {
            Norm($"{block}.norm1", width);
            int attention = Require($"{block}.attn.proj.weight", width, AnyOrNone)[1];
            if (attention % config.HeadDim != 0)
                throw new CheckpointException($"{weights.Path}: the weight {Name($"{block}.attn.proj.weight")} has shape [{width}, {attention}]; expected a multiple of {config.HeadDim} columns, which a head has. Check the number of heads in config.json.");
            Require($"{block}.attn.qkv.weight", 3L * attention, width);
            Allow($"{block}.attn.qkv.bias", 3L * attention);
            Allow($"{block}.attn.proj.bias", width);
            Allow($"{block}.ls1.gamma", width);
            Norm($"{block}.norm2", width);
            int neurons = Require($"{block}.mlp.fc2.weight", width, AnyOrNone)[1];
            long first = config.SwiGlu ? 2L * neurons : neurons;
            Require($"{block}.mlp.fc1.weight", first, width);
            Allow($"{block}.mlp.fc1.bias", first);
            Allow($"{block}.mlp.fc2.bias", width);
            Allow($"{block}.ls2.gamma", width);
        }

        static int BlockOf(string name) =>
            name.StartsWith("blocks.", StringComparison.Ordinal) && int.TryParse(name.AsSpan(7, Math.Max(0, name.IndexOf('.', 7) - 7)), out int block) ? block : 0;

        void Norm(string name, int width, bool optional = false)
        {
            if (optional && !weights.Tensors.ContainsKey($"{name}.weight"))
                return;
            Require($"{name}.weight", width);
            Require($"{name}.bias", width);
        }

        ImmutableArray<int> Require(string name, params long[] shape) => Allow(name, shape)
            ? weights.Tensors[name].Shape
            : throw new CheckpointException($"{weights.Path}: the weight '{name}' is missing; expected shape {Describe(shape)}. The checkpoint is not complete, or of another kind of network.");

        bool Allow(string name, params long[] shape)
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

        string Name(string name) => weights is RenamedTensors renamed ? renamed.Describe(name) : $"'{name}'";

        static string Describe(long[] shape) => $"[{string.Join(", ", shape.Select(length => length < 0 ? "any" : length.ToString()))}]";
    }
}
