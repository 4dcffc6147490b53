namespace Secateur.Onnx.Runtime;

/// <summary>What ONNX Runtime could not do, or was not given; the message says what was tried, what the runtime says, and what to do.</summary>
public sealed class OnnxRuntimeException : Exception
{
    /// <summary>An error with its whole message.</summary>
    public OnnxRuntimeException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its cause.</summary>
    public OnnxRuntimeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>An error without a message.</summary>
    public OnnxRuntimeException()
    {
    }
}
