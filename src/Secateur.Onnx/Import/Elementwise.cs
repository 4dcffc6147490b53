namespace Secateur.Onnx.Import;

/// <summary>Operators that work on each number by itself.</summary>
internal static class Elementwise
{
    /// <summary>What an operator of one input computes; null where it is none.</summary>
    public static Func<double, double>? Unary(Node node) => node.Op switch
    {
        "Neg" => x => -x,
        "Abs" => Math.Abs,
        "Sqrt" => Math.Sqrt,
        "Reciprocal" => x => 1 / x,
        "Exp" => Math.Exp,
        "Log" => Math.Log,
        "Floor" => Math.Floor,
        "Ceil" => Math.Ceiling,
        "Round" => x => Math.Round(x, MidpointRounding.ToEven),
        "Sign" => x => double.IsNaN(x) ? x : Math.Sign(x),
        "Not" => x => x == 0 ? 1 : 0,
        "IsNaN" => x => double.IsNaN(x) ? 1 : 0,
        "IsInf" => x => double.IsInfinity(x) ? 1 : 0,
        "Erf" => Erf,
        "Tanh" => Math.Tanh,
        "Sigmoid" => Sigmoid,
        "Relu" => x => Math.Max(x, 0),
        "Softplus" => x => Math.Log(1 + Math.Exp(x)),
        "HardSigmoid" => x => Math.Clamp((node.Float("alpha", .2f) * x) + node.Float("beta", .5f), 0, 1),
        "HardSwish" => x => x * Math.Clamp((x / 6) + .5, 0, 1),
        "LeakyRelu" => x => x < 0 ? node.Float("alpha", .01f) * x : x,
        "Elu" => x => x < 0 ? node.Float("alpha", 1) * (Math.Exp(x) - 1) : x,
        "Mish" => x => x * Math.Tanh(Math.Log(1 + Math.Exp(x))),
        "Gelu" when node.Text("approximate", "none") == "tanh" => GeluTanh,
        "Gelu" => Gelu,
        _ => null,
    };

    /// <summary>What an operator of two inputs computes; null where it is none.</summary>
    /// <param name="node">The operator.</param>
    /// <param name="integral">Whether both are whole numbers.</param>
    public static Func<double, double, double>? Binary(Node node, bool integral) => node.Op switch
    {
        "Add" => (a, b) => a + b,
        "Sub" => (a, b) => a - b,
        "Mul" => (a, b) => a * b,
        "Div" when integral => (a, b) => b == 0 ? double.NaN : Math.Truncate(a / b),
        "Div" => (a, b) => a / b,
        "Pow" => Math.Pow,
        "Min" => Math.Min,
        "Max" => Math.Max,
        "Mod" when node.Int("fmod", 0) == 1 => (a, b) => b == 0 ? double.NaN : a % b,
        "Mod" => (a, b) => b == 0 ? double.NaN : a - (b * Math.Floor(a / b)),
        "Equal" => (a, b) => a == b ? 1 : 0,
        "Greater" => (a, b) => a > b ? 1 : 0,
        "GreaterOrEqual" => (a, b) => a >= b ? 1 : 0,
        "Less" => (a, b) => a < b ? 1 : 0,
        "LessOrEqual" => (a, b) => a <= b ? 1 : 0,
        "And" => (a, b) => a != 0 && b != 0 ? 1 : 0,
        "Or" => (a, b) => a != 0 || b != 0 ? 1 : 0,
        "Xor" => (a, b) => (a != 0) != (b != 0) ? 1 : 0,
        _ => null,
    };

    /// <summary>Whether an operator answers yes or no, whatever it is asked about.</summary>
    public static bool Asks(string op) => op is "Equal" or "Greater" or "GreaterOrEqual" or "Less" or "LessOrEqual" or "And" or "Or" or "Xor" or "Not" or "IsNaN" or "IsInf";

    /// <summary>x Phi(x).</summary>
    public static double Gelu(double x) => x * (1 + Erf(x / Math.Sqrt(2))) / 2;

    /// <summary>Its approximation.</summary>
    public static double GeluTanh(double x) => x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))) / 2;

    /// <summary>1 / (1 + exp(-x)).</summary>
    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    // Its series near 0, and further out the continued fraction of what is missing to 1 (Abramowitz and Stegun, 7.1.5 and 7.1.14).
    static double Erf(double x)
    {
        double far = Math.Abs(x);
        if (!(far > 2.5))
        {
            double sum = x, term = x;
            for (int n = 1; n < 60; n++)
                sum += (term *= -x * x / n) / ((2 * n) + 1);
            return sum * 2 / Math.Sqrt(Math.PI);
        }

        double fraction = far;
        for (int n = 40; n > 0; n--)
            fraction = far + (n / 2.0 / fraction);
        return Math.Sign(x) * (1 - (Math.Exp(-far * far) / Math.Sqrt(Math.PI) / fraction));
    }
}
