namespace Secateur.Compression;

/// <summary>A plan that cannot be used, of tokens or of structure; the message says where, what was found, what was expected and what to do.</summary>
public sealed class PlanException : Exception
{
    /// <summary>An error with its whole message.</summary>
    public PlanException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its cause.</summary>
    public PlanException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>An error without a message.</summary>
    public PlanException()
    {
    }
}
