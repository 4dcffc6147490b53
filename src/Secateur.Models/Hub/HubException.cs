namespace Secateur.Models.Hub;

/// <summary>A repository that cannot be had; the message says which, why, and what to do.</summary>
public sealed class HubException : Exception
{
    /// <summary>An error with its whole message.</summary>
    public HubException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its cause.</summary>
    public HubException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>An error without a message.</summary>
    public HubException()
    {
    }
}
