namespace Secateur.Evaluation.Datasets;

/// <summary>The shapes of the objects, each in its own frame: centred, with radius about 1.</summary>
static class SceneShapes
{
    /// <summary>Whether (x, y) lies inside the shape of class <paramref name="label"/>.</summary>
    internal static bool Inside(int label, float x, float y) => label switch
    {
        0 => Length(x, y) < 0.9f,
        1 => Length(x, y) is > 0.55f and < 0.95f,
        2 => Polygon(3, 1.05f, x, y),
        3 => MathF.Abs(x) < 0.76f && MathF.Abs(y) < 0.76f,
        4 => Polygon(6, 0.98f, x, y),
        5 => Star(x, y),
        6 => Bar(x, y) || Bar(y, x),
        7 => Heart(x * 1.2f, -y * 1.2f + 0.15f),
        8 => Length(x, y) < 0.98f && Length(x - 0.45f, y) > 0.78f,
        9 => Shaft(x, y) || Tip(x, y),
        10 => Length(x, y) is > 0.34f and var r && r < (MathF.Cos(8 * MathF.Atan2(y, x)) > 0 ? 0.98f : 0.74f),
        _ => (y - 0.3f) * (y - 0.3f) + x * x < 0.62f * 0.62f || Point(x, y),
    };

    static float Length(float x, float y) => MathF.Sqrt(x * x + y * y);

    static bool Polygon(int sides, float radius, float x, float y)
    {
        float half = MathF.PI / sides, angle = Mod(MathF.Atan2(y, x), 2 * half) - half;
        return Length(x, y) * MathF.Cos(angle) < radius * MathF.Cos(half);
    }

    static bool Star(float x, float y)
    {
        float angle = Mod(MathF.Atan2(y, x) + MathF.PI / 2, MathF.Tau / 5) - MathF.PI / 5;
        return Length(x, y) < SceneRandom.Lerp(0.42f, 1.05f, MathF.Pow(MathF.Abs(angle) / (MathF.PI / 5), 1.6f));
    }

    /// <summary>One of the two bars of a plus.</summary>
    static bool Bar(float across, float along) => MathF.Abs(across) < 0.32f && MathF.Abs(along) < 0.98f;

    static bool Heart(float x, float y)
    {
        float q = x * x + y * y - 0.8f;
        return q * q * q - x * x * y * y * y < 0;
    }

    /// <summary>The shaft of an arrow.</summary>
    static bool Shaft(float x, float y) => x is > -0.95f and < 0.15f && MathF.Abs(y) < 0.26f;

    /// <summary>The tip of an arrow.</summary>
    static bool Tip(float x, float y) => x is >= 0.15f and < 0.98f && MathF.Abs(y) < (0.98f - x) * 0.85f;

    /// <summary>The pointed part of a drop.</summary>
    static bool Point(float x, float y) => y is > -1 and < 0.3f && MathF.Abs(x) < 0.62f * MathF.Pow((y + 1) / 1.3f, 1.3f);

    static float Mod(float a, float b) => a - b * MathF.Floor(a / b);
}
