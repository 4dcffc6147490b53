namespace Secateur.Evaluation.Profiling;

/// <summary>A latency profile that cannot be used; the message says where, what was found, what was expected and what to do.</summary>
public sealed class LatencyProfileException : Exception
{
    /// <summary>An error with its whole message.</summary>
    public LatencyProfileException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its cause.</summary>
    public LatencyProfileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>An error without a message.</summary>
    public LatencyProfileException()
    {
    }
}
