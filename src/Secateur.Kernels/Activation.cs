namespace Secateur.Kernels;

/// <summary>What is applied to a matrix product, element by element.</summary>
public enum Activation
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>x * Phi(x) with the error function (Hendrycks and Gimpel, 2016; PyTorch's default).</summary>
    Gelu,

    /// <summary>The tanh approximation of GELU.</summary>
    GeluTanh,

    /// <summary>x * sigmoid(1.702 x), as in CLIP.</summary>
    GeluQuick,

    /// <summary>x * sigmoid(x).</summary>
    Silu,
}
