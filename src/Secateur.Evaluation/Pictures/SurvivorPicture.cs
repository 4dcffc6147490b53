using Secateur.Models.Images;
using Secateur.Models.Tokens;

namespace Secateur.Evaluation.Pictures;

/// <summary>Draws which patches of a picture are still computed after each stage of a plan.</summary>
/// <remarks>A patch that was dropped fades to light grey. Patches that were merged are outlined as one area, in a colour of their own, and
/// tinted with it.</remarks>
public static class SurvivorPicture
{
    /// <summary>The picture and, beside it, one panel a stage.</summary>
    /// <param name="input">What the network saw, any size.</param>
    /// <param name="grid">Rows and columns of patches.</param>
    /// <param name="stages">The maps of one sequence, in the order in which they acted, each of the tokens that the one before left.</param>
    /// <param name="prefix">Tokens before the patches (class, distillation, registers).</param>
    /// <returns>A strip as high as <paramref name="input"/>.</returns>
    /// <exception cref="ArgumentException">The first map is not of the prefix and all patches, or the maps do not follow one another.</exception>
    public static RgbImage Draw(RgbImage input, (int Rows, int Columns) grid, IReadOnlyList<TokenMap> stages, int prefix) =>
        PictureStrip.Join(Panels(input, grid, stages, prefix), gap: Math.Max(2, input.Width / 56));

    /// <summary>The picture, then one panel a stage.</summary>
    /// <param name="input">What the network saw, any size.</param>
    /// <param name="grid">Rows and columns of patches.</param>
    /// <param name="stages">The maps of one sequence, in the order in which they acted, each of the tokens that the one before left.</param>
    /// <param name="prefix">Tokens before the patches (class, distillation, registers).</param>
    /// <returns>[stages + 1] pictures of the size of <paramref name="input"/>.</returns>
    /// <exception cref="ArgumentException">The first map is not of the prefix and all patches, or the maps do not follow one another.</exception>
    public static IReadOnlyList<RgbImage> Panels(RgbImage input, (int Rows, int Columns) grid, IReadOnlyList<TokenMap> stages, int prefix)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(stages);
        TokenMap sofar = TokenMap.Identity(prefix + grid.Rows * grid.Columns);
        List<RgbImage> panels = [input];
        foreach (TokenMap stage in stages)
        {
            sofar = sofar.Then(stage);
            panels.Add(Panel(input, grid, sofar.Group[prefix..], sofar.Count));
        }

        return panels;
    }

    static RgbImage Panel(RgbImage input, (int Rows, int Columns) grid, ReadOnlySpan<int> group, int groups)
    {
        int[] members = new int[groups];
        foreach (int g in group)
            if (g != TokenMap.Dropped)
                members[g]++;

        RgbImage panel = new(input.Width, input.Height, [.. input.Pixels]);
        for (int row = 0, patch = 0; row < grid.Rows; row++)
            for (int column = 0; column < grid.Columns; column++, patch++)
            {
                PatchArea area = PatchArea.Of(input, grid, row, column);
                int g = group[patch];
                if (g == TokenMap.Dropped)
                    area.Fade(panel);
                else if (members[g] > 1)
                {
                    Colour colour = Colour.OfGroup(g);
                    area.Tint(panel, colour);
                    // An outline runs where the neighbour belongs elsewhere.
                    area.Outline(
                        panel,
                        colour,
                        left: column == 0 || group[patch - 1] != g,
                        right: column == grid.Columns - 1 || group[patch + 1] != g,
                        top: row == 0 || group[patch - grid.Columns] != g,
                        bottom: row == grid.Rows - 1 || group[patch + grid.Columns] != g);
                }
            }

        return panel;
    }
}
