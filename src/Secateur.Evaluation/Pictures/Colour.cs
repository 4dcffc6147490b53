namespace Secateur.Evaluation.Pictures;

/// <summary>Red, green and blue.</summary>
readonly record struct Colour(byte Red, byte Green, byte Blue)
{
    /// <summary>A bright colour for a group: hues a golden angle apart, so that neighbours in number differ most.</summary>
    internal static Colour OfGroup(int group)
    {
        double hue = group * 0.618033988749895 % 1 * 6;
        return new(Channel(hue), Channel(hue + 4), Channel(hue + 2));

        static byte Channel(double hue) => (byte)(255 * Math.Clamp(Math.Abs(hue % 6 - 3) - 1, 0, 1));
    }

    /// <summary>A part of the way from a pixel to this colour.</summary>
    /// <param name="pixel">[3], changed in place.</param>
    /// <param name="percent">0 leaves the pixel, 100 makes it this colour.</param>
    internal void MixInto(Span<byte> pixel, int percent)
    {
        pixel[0] = Mix(pixel[0], Red, percent);
        pixel[1] = Mix(pixel[1], Green, percent);
        pixel[2] = Mix(pixel[2], Blue, percent);

        static byte Mix(byte from, byte to, int percent) => (byte)((from * (100 - percent) + to * percent) / 100);
    }
}
