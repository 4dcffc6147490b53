using Secateur.Models.Bert;

namespace Secateur.Models.Checkpoints;

/// <summary>What weights an encoder of texts has, and whether these are they.</summary>
public static class TextWeights
{
    const int Any = WeightVisitor.Any;

    /// <summary>Checks that every weight is there with the shape that the others imply, and none besides, before anything is built.
    /// A pooler that the head does not look at may be there; it is not read.</summary>
    /// <param name="weights">Tensors under our names.</param>
    /// <param name="config">What the weights cannot say.</param>
    /// <exception cref="CheckpointException">The first problem: file, weight, shape found, shape expected.</exception>
    public static void Validate(ITensorSource weights, TextConfig config)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(config);
        var check = new WeightCheck(weights);
        int width = check.Require("word_embed.weight", Any, Any)[1];
        check.Require("pos_embed.weight", Any, width);
        check.Allow("type_embed.weight", Any, width);
        check.Norm("norm_embed", width);
        check.Blocks(width, config.HeadDim, gated: false);
        bool pooled = config.Pooling == TextPooling.Pooler && config.Task != TextTask.TokenClassification;
        if (pooled)
            check.Require("pooler.weight", width, width);
        else
            check.Allow("pooler.weight", width, width);
        check.Allow("pooler.bias", width);
        if (config.Task != TextTask.Embedding)
        {
            check.Allow("head.bias", check.Require("head.weight", Any, width)[0]);
            if (config.Task != TextTask.TokenClassification && check.Allow("pre_logits.weight", width, width))
                check.Allow("pre_logits.bias", width);
        }

        check.RefuseOthers();
    }
}
