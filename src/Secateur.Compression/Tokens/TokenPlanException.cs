namespace Secateur.Compression.Tokens;

/// <summary>A token plan that cannot be used; the message says where, what was found, what was expected and what to do.</summary>
public sealed class TokenPlanException : Exception
{
    /// <summary>An error with its whole message.</summary>
    public TokenPlanException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its cause.</summary>
    public TokenPlanException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>An error without a message.</summary>
    public TokenPlanException()
    {
    }
}
