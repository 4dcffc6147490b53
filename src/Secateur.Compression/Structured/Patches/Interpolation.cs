namespace Secateur.Compression.Structured.Patches;

/// <summary>Fills in what was not looked at, in a straight line between what was: between patches, then between blocks.</summary>
internal static class Interpolation
{
    /// <summary>Every so many numbers, the first and the last among them.</summary>
    public static int[] Samples(int first, int last, int step)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step);
        return last < first ? [] : [.. Enumerable.Range(first, last - first + 1).Where(i => (i - first) % step == 0 || i == last)];
    }

    /// <summary>Fills in.</summary>
    /// <param name="scores">[blocks][patches], right where they were looked at.</param>
    /// <param name="blocks">The blocks that were.</param>
    /// <param name="grid">Rows and columns of patches.</param>
    /// <param name="step">Every how many of them were looked at.</param>
    /// <returns>The same, whole.</returns>
    public static float[][] Fill(float[][] scores, int[] blocks, (int Rows, int Columns) grid, int step)
    {
        int[] rows = Samples(0, grid.Rows - 1, step), columns = Samples(0, grid.Columns - 1, step);
        foreach (int block in blocks)
        {
            float[] own = scores[block];
            foreach (int row in rows)
                Line(columns, (column, value) => own[(row * grid.Columns) + column] = value, column => own[(row * grid.Columns) + column]);
            for (int column = 0; column < grid.Columns; column++)
                Line(rows, (row, value) => own[(row * grid.Columns) + column] = value, row => own[(row * grid.Columns) + column]);
        }

        for (int i = 1; i < blocks.Length; i++)
            for (int block = blocks[i - 1] + 1; block < blocks[i]; block++)
            {
                float part = (float)(block - blocks[i - 1]) / (blocks[i] - blocks[i - 1]);
                scores[block] = [.. scores[blocks[i - 1]].Zip(scores[blocks[i]], (before, after) => before + (part * (after - before)))];
            }

        return scores;
    }

    static void Line(int[] samples, Action<int, float> set, Func<int, float> get)
    {
        for (int i = 1; i < samples.Length; i++)
            for (int at = samples[i - 1] + 1; at < samples[i]; at++)
                set(at, get(samples[i - 1]) + ((get(samples[i]) - get(samples[i - 1])) * (at - samples[i - 1]) / (samples[i] - samples[i - 1])));
    }
}
