namespace Secateur.Kernels;

/// <summary>Cuts a picture into patches, so that patch embedding is a matrix product.</summary>
public static unsafe class Patches
{
    /// <summary>Writes each patch of a picture as a row.</summary>
    /// <param name="threads">Who works.</param>
    /// <param name="image">[channels, height, width].</param>
    /// <param name="height">Pixels; a multiple of <paramref name="patch"/>.</param>
    /// <param name="width">Pixels; a multiple of <paramref name="patch"/>.</param>
    /// <param name="patch">Side of a patch, pixels.</param>
    /// <param name="rows">[height / patch * width / patch, channels * patch * patch]: patches in reading order, each channel after channel.</param>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    public static void Unfold(Threads threads, ReadOnlySpan<float> image, int height, int width, int patch, Matrix rows)
    {
        ArgumentNullException.ThrowIfNull(threads);
        int channels = rows.Columns / (patch * patch);
        if (height % patch != 0 || width % patch != 0 || rows.Rows != height / patch * (width / patch)
            || rows.Columns != channels * patch * patch || image.Length != channels * height * width)
            throw new ArgumentException($"A picture of [{channels}, {height}, {width}] ({image.Length} floats) has no patches of {patch} that fill [{rows.Rows}, {rows.Columns}].");
        fixed (float* pixels = image)
            threads.For(height / patch, new Work(pixels, channels, height, width, patch, rows));
    }

    readonly struct Work(float* pixels, int channels, int height, int width, int patch, Matrix rows) : IWork
    {
        public void Run(int task, int worker)
        {
            int across = width / patch;
            for (int column = 0; column < across; column++)
            {
                Span<float> row = rows.Row((task * across) + column);
                for (int channel = 0; channel < channels; channel++)
                    for (int y = 0; y < patch; y++)
                        new ReadOnlySpan<float>(pixels + ((nint)((channel * height) + (task * patch) + y) * width) + (column * patch), patch)
                            .CopyTo(row[(((channel * patch) + y) * patch)..]);
            }
        }
    }
}
