namespace Secateur.Evaluation.Datasets;

/// <summary>A scene's background: a colour ramp, a texture on it, and a few strokes and dots that belong to no class.</summary>
readonly struct SceneBackground
{
    readonly SceneColour _start, _end;
    readonly float _rampCos, _rampSin;
    readonly Texture _texture;
    readonly Stroke[] _clutter;

    internal SceneBackground(ref SceneRandom random, int size)
    {
        _start = random.Colour();
        _end = random.Colour();
        float angle = random.Range(0, MathF.Tau);
        _rampCos = MathF.Cos(angle);
        _rampSin = MathF.Sin(angle);
        _texture = new Texture(ref random);
        _clutter = new Stroke[2 + random.Below(5)];
        for (int i = 0; i < _clutter.Length; i++)
            _clutter[i] = new Stroke(ref random, size);
    }

    /// <summary>The colour halfway along the ramp.</summary>
    internal SceneColour Mean => new((_start.R + _end.R) / 2, (_start.G + _end.G) / 2, (_start.B + _end.B) / 2);

    /// <summary>How far along the colour ramp (u, v) is, from 0 to 1.</summary>
    internal float Ramp(float u, float v) => Math.Clamp(0.5f + (u - 0.5f) * _rampCos + (v - 0.5f) * _rampSin, 0, 1);

    /// <summary>The colour at (u, v), which lies at <paramref name="ramp"/> on the ramp.</summary>
    internal SceneColour At(float u, float v, float ramp)
    {
        var colour = SceneColour.Mix(_start, _end, ramp).Times(1 + _texture.At(u, v));
        foreach (ref readonly var stroke in _clutter.AsSpan())
            colour = SceneColour.Mix(colour, stroke.Colour, stroke.Cover(u, v));
        return colour;
    }

    /// <summary>Nothing, stripes, a chequerboard or smooth noise.</summary>
    readonly struct Texture
    {
        readonly float _strength, _frequency, _phase, _cos, _sin;
        readonly int _kind;
        readonly ulong _noise;

        internal Texture(ref SceneRandom random)
        {
            _strength = random.Range(0, 0.35f);
            _frequency = random.Range(4, 18);
            _kind = random.Below(4);
            _phase = random.Range(0, MathF.Tau);
            float angle = random.Range(0, MathF.PI);
            _cos = MathF.Cos(angle);
            _sin = MathF.Sin(angle);
            _noise = random.Next();
        }

        internal float At(float u, float v) => _strength * _kind switch
        {
            0 => 0,
            1 => MathF.Sin(Along(u, v) * _frequency * MathF.Tau / 2 + _phase),
            2 => MathF.Sign(MathF.Sin(Along(u, v) * _frequency * 2 + _phase) * MathF.Sin(Across(u, v) * _frequency * 2 + _phase)),
            _ => 2 * SceneRandom.SmoothNoise(_noise, u * _frequency, v * _frequency) - 1,
        };

        float Along(float u, float v) => u * _cos + v * _sin;

        float Across(float u, float v) => -u * _sin + v * _cos;
    }

    /// <summary>A line with round ends; a dot where its length is next to nothing.</summary>
    readonly struct Stroke
    {
        readonly float _x, _y, _cos, _sin, _length, _width;
        readonly int _size;

        internal Stroke(ref SceneRandom random, int size)
        {
            _size = size;
            _x = random.Range(0, 1);
            _y = random.Range(0, 1);
            float angle = random.Range(0, MathF.PI);
            _cos = MathF.Cos(angle);
            _sin = MathF.Sin(angle);
            _length = random.Range(0, 0.25f);
            _width = random.Range(0.008f, 0.03f);
            Colour = random.Colour();
        }

        internal SceneColour Colour { get; }

        /// <summary>How much of the pixel at (u, v) the stroke covers, from 0 to 1.</summary>
        internal float Cover(float u, float v)
        {
            float dx = u - _x, dy = v - _y, along = dx * _cos + dy * _sin, across = -dx * _sin + dy * _cos;
            float beyond = MathF.Max(MathF.Abs(along) - _length / 2, 0);
            return Math.Clamp(0.5f - (MathF.Sqrt(beyond * beyond + across * across) - _width) * _size, 0, 1);
        }
    }
}
