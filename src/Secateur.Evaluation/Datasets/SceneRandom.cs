namespace Secateur.Evaluation.Datasets;

/// <summary>The SplitMix64 generator (Steele, Lea and Flood, 2014) and what scenes draw from it.</summary>
struct SceneRandom(ulong state)
{
    internal ulong Next()
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A whole number from 0 up to, not including, <paramref name="n"/>.</summary>
    internal int Below(int n) => (int)(Next() % (ulong)n);

    internal float Range(float low, float high) => low + (high - low) * Unit(Next());

    internal SceneColour Colour() => new(Range(0.05f, 0.95f), Range(0.05f, 0.95f), Range(0.05f, 0.95f));

    /// <summary>Noise from 0 to 1 that is random at whole coordinates and smooth between them.</summary>
    internal static float SmoothNoise(ulong seed, float x, float y)
    {
        int column = (int)MathF.Floor(x), row = (int)MathF.Floor(y);
        float fx = Smooth(x - column), fy = Smooth(y - row);
        return Lerp(
            Lerp(Hash(seed, column, row), Hash(seed, column + 1, row), fx),
            Lerp(Hash(seed, column, row + 1), Hash(seed, column + 1, row + 1), fx),
            fy);
    }

    internal static float Lerp(float a, float b, float t) => a + (b - a) * t;

    static float Smooth(float t) => t * t * (3 - 2 * t);

    static float Hash(ulong seed, int column, int row) => Unit(new SceneRandom(seed ^ ((ulong)(uint)column << 32 | (uint)row)).Next());

    static float Unit(ulong bits) => (bits >> 40) / (float)(1 << 24);
}

/// <summary>A colour; 0 is dark and 1 is bright.</summary>
readonly record struct SceneColour(float R, float G, float B)
{
    internal static SceneColour Mix(SceneColour a, SceneColour b, float t) =>
        new(SceneRandom.Lerp(a.R, b.R, t), SceneRandom.Lerp(a.G, b.G, t), SceneRandom.Lerp(a.B, b.B, t));

    internal static float Distance(SceneColour a, SceneColour b) => MathF.Abs(a.R - b.R) + MathF.Abs(a.G - b.G) + MathF.Abs(a.B - b.B);

    internal SceneColour Times(float factor) => new(R * factor, G * factor, B * factor);

    /// <summary>Writes the colour as three bytes, each with noise of at most <paramref name="grain"/>.</summary>
    internal void Write(Span<byte> rgb, float grain, ref SceneRandom random)
    {
        rgb[0] = Byte(R + grain * random.Range(-1, 1));
        rgb[1] = Byte(G + grain * random.Range(-1, 1));
        rgb[2] = Byte(B + grain * random.Range(-1, 1));
    }

    static byte Byte(float value) => (byte)Math.Clamp((int)MathF.Round(value * 255), 0, 255);
}
