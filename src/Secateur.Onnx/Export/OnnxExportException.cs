namespace Secateur.Onnx.Export;

/// <summary>A network or a plan cannot be written as a graph of fixed shapes; the message says why, and what to choose instead.</summary>
public sealed class OnnxExportException : Exception
{
    /// <summary>Without a message.</summary>
    public OnnxExportException()
    {
    }

    /// <summary>Says why.</summary>
    /// <param name="message">One line: why, and what to choose instead.</param>
    public OnnxExportException(string message)
        : base(message)
    {
    }

    /// <summary>Says why, and what was behind it.</summary>
    /// <param name="message">One line: why, and what to choose instead.</param>
    /// <param name="innerException">What was behind it.</param>
    public OnnxExportException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
