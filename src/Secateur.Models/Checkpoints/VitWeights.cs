using System.Collections.Immutable;
using Secateur.Models.Vit;

namespace Secateur.Models.Checkpoints;

/// <summary>What weights a vision transformer has, and whether these are they.</summary>
public static class VitWeights
{
    const int Any = WeightVisitor.Any;

    /// <summary>Checks that every weight is there with the shape that the others imply, and none besides, before anything is built.</summary>
    /// <param name="weights">Tensors under timm names.</param>
    /// <param name="config">What the weights cannot say.</param>
    /// <exception cref="CheckpointException">The first problem: file, weight, shape found, shape expected.</exception>
    public static void Validate(ITensorSource weights, VitConfig config)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(config);
        var check = new WeightCheck(weights);
        ImmutableArray<int> patch = check.Require("patch_embed.proj.weight", Any, Any, Any, Any);
        int width = patch[0];
        check.Allow("patch_embed.proj.bias", width);
        bool classToken = check.Allow("cls_token", 1, 1, width), distillationToken = check.Allow("dist_token", 1, 1, width);
        check.Allow("reg_token", 1, Any, width);
        check.Require("pos_embed", 1, Any, width);
        check.Norm("norm_pre", width, optional: true);
        check.Blocks(width, config.HeadDim, config.SwiGlu);
        check.Norm("norm", width, optional: true);
        check.Norm("fc_norm", width, optional: true);
        int classes = check.Allow("head.weight", Any, config.Pooling == VitPooling.ClassTokenAndAverage ? 2 * width : width) ? weights.Tensors["head.weight"].Shape[0] : 0;
        if (classes > 0)
            check.Allow("head.bias", classes);
        if (classes > 0 && distillationToken && check.Allow("head_dist.weight", classes, width))
            check.Allow("head_dist.bias", classes);
        if (config.Pooling != VitPooling.Average && !classToken)
            throw new CheckpointException($"{weights.Path}: the weight 'cls_token' is missing; expected [1, 1, {width}], since the head looks at the class token. Check global_pool in config.json.");
        check.RefuseOthers();
    }
}
