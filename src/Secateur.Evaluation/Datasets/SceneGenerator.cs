namespace Secateur.Evaluation.Datasets;

/// <summary>
/// Draws labelled scenes: one object of a known class, anywhere, at any size and angle, on a cluttered background.
/// The same seed always draws the same scene.
/// </summary>
public static class SceneGenerator
{
    /// <summary>The first seed of the held-out scenes; the bundled network saw only seeds below it.</summary>
    public const ulong FirstHeldOutSeed = 900_000_000;

    /// <summary>Samples per pixel: what <see cref="Draw"/> writes as coverage where the object fills a pixel.</summary>
    public const int SamplesPerPixel = Grid * Grid;

    /// <summary>Side of the grid of samples in a pixel.</summary>
    const int Grid = 3;

    /// <summary>The classes' names, by label.</summary>
    public static IReadOnlyList<string> Classes { get; } =
        ["disc", "ring", "triangle", "square", "hexagon", "star", "plus", "heart", "crescent", "arrow", "gear", "drop"];

    /// <summary>Draws one scene and returns its label, an index into <see cref="Classes"/>.</summary>
    /// <param name="seed">The scene's number.</param>
    /// <param name="size">Width and height in pixels.</param>
    /// <param name="rgb">Receives the picture, [size, size, 3].</param>
    /// <param name="coverage">
    /// Receives, unless empty, how many of each pixel's <see cref="SamplesPerPixel"/> samples the object covers, [size, size].
    /// </param>
    /// <exception cref="ArgumentException">A span is shorter than the scene.</exception>
    public static int Draw(ulong seed, int size, Span<byte> rgb, Span<byte> coverage = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        if (rgb.Length < size * size * 3)
            throw new ArgumentException($"A scene of size {size} has {size * size * 3} bytes, the span {rgb.Length}.", nameof(rgb));
        if (!coverage.IsEmpty && coverage.Length < size * size)
            throw new ArgumentException($"A scene of size {size} has {size * size} pixels, the span {coverage.Length}.", nameof(coverage));

        var random = new SceneRandom(seed);
        int label = Label(ref random);
        var background = new SceneBackground(ref random, size);
        var thing = new Thing(ref random, label, size, background.Mean);
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                float u = (x + 0.5f) / size, v = (y + 0.5f) / size, ramp = background.Ramp(u, v);
                var colour = background.At(u, v, ramp);
                int hits = thing.Samples(x, y);
                if (hits > 0)
                    colour = SceneColour.Mix(colour, thing.Fill(ramp), hits / (float)SamplesPerPixel);
                if (!coverage.IsEmpty)
                    coverage[y * size + x] = (byte)hits;
                colour.Write(rgb.Slice((y * size + x) * 3, 3), thing.Grain, ref random);
            }
        }

        return label;
    }

    /// <summary>The label of a scene, without drawing it.</summary>
    /// <param name="seed">The scene's number.</param>
    /// <returns>An index into <see cref="Classes"/>.</returns>
    public static int LabelOf(ulong seed)
    {
        var random = new SceneRandom(seed);
        return Label(ref random);
    }

    static int Label(ref SceneRandom random) => random.Below(Classes.Count);

    /// <summary>The object of a scene: a shape, where it lies, and how it is filled.</summary>
    readonly struct Thing
    {
        /// <summary>No shape reaches further from its centre, in radii.</summary>
        const float Reach = 1.2f;

        readonly int _label, _size;
        readonly float _x, _y, _radius, _squash, _cos, _sin, _reach;
        readonly SceneColour _fill, _fillEnd;

        internal Thing(ref SceneRandom random, int label, int size, SceneColour mean)
        {
            _label = label;
            _size = size;
            _radius = random.Range(0.16f, 0.36f);
            float angle = random.Range(0, MathF.Tau);
            _cos = MathF.Cos(angle);
            _sin = MathF.Sin(angle);
            _squash = random.Range(0.8f, 1.0f);
            _x = random.Range(_radius * 0.9f, 1 - _radius * 0.9f);
            _y = random.Range(_radius * 0.9f, 1 - _radius * 0.9f);
            _reach = Reach + 1f / (size * _radius);

            // The colour keeps a distance from the background's mean so that the object can be seen.
            do
                _fill = random.Colour();
            while (SceneColour.Distance(_fill, mean) < 0.6f);
            _fillEnd = random.Below(2) == 0 ? _fill : _fill.Times(0.6f);
            Grain = random.Range(0, 0.06f);
        }

        /// <summary>How strong the noise on the whole picture is.</summary>
        internal float Grain { get; }

        internal SceneColour Fill(float ramp) => SceneColour.Mix(_fill, _fillEnd, ramp);

        /// <summary>How many of pixel (x, y)'s samples lie inside the object.</summary>
        internal int Samples(int x, int y)
        {
            float dx = ((x + 0.5f) / _size - _x) / _radius, dy = ((y + 0.5f) / _size - _y) / _radius;
            if (dx * dx + dy * dy > _reach * _reach)
                return 0;

            int hits = 0;
            for (int j = 0; j < Grid; j++)
            {
                for (int i = 0; i < Grid; i++)
                {
                    if (Covers((x + (i + 0.5f) / Grid) / _size, (y + (j + 0.5f) / Grid) / _size))
                        hits++;
                }
            }

            return hits;
        }

        bool Covers(float u, float v)
        {
            float x = (u - _x) / _radius, y = (v - _y) / _radius;
            return SceneShapes.Inside(_label, (x * _cos + y * _sin) / _squash, -x * _sin + y * _cos);
        }
    }
}
