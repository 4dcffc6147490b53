using Secateur.Models.Checkpoints;
using Secateur.Onnx.Import.Patterns;

namespace Secateur.Onnx.Import.Vision;

/// <summary>One token, or the mean of several, with a norm before or after.</summary>
/// <param name="Source">The tokens before all of it.</param>
/// <param name="Tokens">Which tokens.</param>
/// <param name="IsMean">Whether it is their mean.</param>
/// <param name="Before">The norm of tokens before they are taken out; null where there is none.</param>
/// <param name="After">The norm after it; null where there is none.</param>
internal sealed record PooledToken(Edge Source, int[] Tokens, bool IsMean, NormPattern? Before, NormPattern? After)
{
    /// <summary>Matches.</summary>
    /// <param name="pooled">[batch, width]; or all tokens, of which the first is meant.</param>
    /// <exception cref="CheckpointException">An operator does not fit; it is named.</exception>
    public static PooledToken Of(Edge pooled)
    {
        Edge y = pooled.Skip();
        NormPattern? after = NormPattern.Of(y);
        Edge taken = (after?.Input ?? y).Skip();
        // All tokens, normed: a network without a head, whose answer here is the class token.
        if (taken.Rank == 3 && taken.Last(2) > 1)
            return new(taken, [0], false, after, null);
        HeadView view = HeadView.Of(taken);
        bool mean = view.Source.Is("ReduceMean");
        if (mean)
        {
            Node node = view.Source.Producer!;
            Edge all = node.In(0);
            if (all.Rank != 3 || node.Ints("axes", 1) is not [var axis] || node.Axis(axis, 3) != 1 || view.Rows() is null)
                throw view.Source.Expected("the mean of the tokens of a picture");
            view = HeadView.Of(all);
        }

        NormPattern? before = NormPattern.Of(view.Source);
        int[] tokens = TokensOf(view, y.Last(y.Rank)) is { Length: > 0 } found && (mean || found.Length == 1) ? found : throw taken.Expected("one token of each picture, or the mean of some");
        return new((before?.Input ?? view.Source).Skip(), tokens, mean, before, after);
    }

    /// <summary>Which tokens were taken out of each sequence; null where that is not the same for all, or no whole tokens were.</summary>
    /// <param name="view">Moved from [batch, tokens, width] or [batch * tokens, width].</param>
    /// <param name="batch">Sequences.</param>
    public static int[]? TokensOf(HeadView view, int batch)
    {
        if (batch < 1 || view.Rows() is not { } rows || rows.Length % batch != 0)
            return null;
        int each = rows.Length / batch, count = view.Source.Length / view.Columns / batch;
        return rows.Where((row, i) => row != (i / each * count) + rows[i % each]).Any() ? null : rows[..each];
    }
}
