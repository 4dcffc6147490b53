using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens;

/// <summary>How far a patch is from the middle of the picture.</summary>
internal static class CentreOffset
{
    /// <summary>Down and right of the middle, in half patches, so that the numbers are whole.</summary>
    /// <param name="view">Whose places are known.</param>
    /// <param name="token">A patch token.</param>
    internal static (int Down, int Right) Of(in TokenView view, int token)
    {
        (int row, int column) = Math.DivRem(view.Places[token] - view.Prefix, view.Grid.Columns);
        return ((2 * row) - (view.Grid.Rows - 1), (2 * column) - (view.Grid.Columns - 1));
    }
}
