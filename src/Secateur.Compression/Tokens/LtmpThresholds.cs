using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Compression.Tokens;

/// <summary>Sets the thresholds of <see cref="Ltmp"/> from pictures, without training.</summary>
public static class LtmpThresholds
{
    /// <summary>Turns the quantiles of a plan into values: each threshold is that quantile over all tokens of all these pictures together, place
    /// after place, each from what the thresholds before it leave. On these pictures as many tokens go as under the quantiles; how many of
    /// which picture is then the picture's.</summary>
    /// <param name="network">The network.</param>
    /// <param name="images">Normalised pictures, [batch, channels, height, width]. They run as one batch, and memory grows with it; some dozens are enough.</param>
    /// <param name="batch">Number of pictures.</param>
    /// <param name="quantiles">A plan whose stages of <see cref="Ltmp"/> have quantiles; null for the method's default plan. Other stages stay as they are.</param>
    /// <returns>The plan with values, which its file keeps.</returns>
    /// <exception cref="ArgumentException">A length does not fit, or the plan does not fit the network.</exception>
    public static TokenPlan Set(VisionTransformer network, ReadOnlySpan<float> images, int batch, TokenPlan? quantiles = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        quantiles ??= Ltmp.Entry.DefaultPlan(network.Depth, network.PatchTokens);
        TokenStage[] stages = [.. quantiles.Stages.Select(stage =>
            stage.Reducer is Ltmp { Adaptive: false } ltmp ? stage with { Reducer = new Setting(ltmp.Options) } : stage)];
        network.Run(images, batch, quantiles with { Stages = [.. stages] });
        return quantiles with
        {
            Stages = [.. stages.Select(stage => stage.Reducer is Setting setting ? stage with { Reducer = setting.Found } : stage)],
        };
    }

    /// <summary>Looks at all pictures of the batch before it decides about the first, and decides about all of them by what it then set.</summary>
    sealed class Setting(LtmpOptions quantiles) : ITokenReducer
    {
        readonly Lock first = new();
        Ltmp? found;

        /// <summary>The method with its thresholds; where no token came by, nothing is merged or pruned.</summary>
        public Ltmp Found => found ?? new(quantiles with { Threshold = LtmpThreshold.Value });

        public TokenSignals Needs => TokenSignals.QueryKeyValue | TokenSignals.Received;

        public bool ProportionalAttention => quantiles.ProportionalAttention;

        public bool Adaptive => true;

        public bool DependsOnBatch => true;

        public TokenMap Reduce(in TokenView view, int remove)
        {
            lock (first)
                found ??= Set(view);
            return found.Reduce(view, remove);
        }

        Ltmp Set(in TokenView view)
        {
            LtmpOptions values = quantiles with { Threshold = LtmpThreshold.Value, MergeThreshold = 1, PruneThreshold = 0 };

            // 1. So many of all similarities lie above the merging threshold.
            var similarities = new List<float>();
            for (int s = 0; s < view.Mates; s++)
                if (view.Mate(s) is { Patches: > 1 } mate)
                {
                    using BipartiteMatching matching = Ltmp.Match(mate);
                    similarities.AddRange(matching.Similarity);
                }

            similarities.Sort();
            int merge = (int)Math.Round((1 - quantiles.MergeQuantile) * similarities.Count);
            if (merge > 0)
                values = values with { MergeThreshold = merge < similarities.Count ? Math.Min(1, similarities[^(merge + 1)]) : MathF.BitDecrement(similarities[0]) };

            // 2. So many of the importances that are left lie at or below the pruning threshold.
            var importances = new List<float>();
            for (int s = 0; s < view.Mates; s++)
            {
                TokenView mate = view.Mate(s);
                TokenMap merged = TokenMap.Identity(mate.Count);
                if (merge > 0 && mate.Patches > 1)
                {
                    using BipartiteMatching matching = Ltmp.Match(mate);
                    merged = matching.Merge(mate, matching.CountAbove((float)values.MergeThreshold));
                }

                var left = new float[merged.Count - mate.Prefix];
                Ltmp.Importance(mate, merged, left);
                importances.AddRange(left);
            }

            importances.Sort();
            int prune = (int)Math.Round(quantiles.PruneQuantile * importances.Count);
            return new(values with { PruneThreshold = prune == 0 ? 0 : importances[prune - 1] });
        }
    }
}
