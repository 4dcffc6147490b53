namespace Secateur.Models.Images;

/// <summary>A picture that cannot be read; the message names the file, what was found, what was expected, and what to do.</summary>
public sealed class ImageException : Exception
{
    /// <summary>An error with its whole message.</summary>
    public ImageException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its cause.</summary>
    public ImageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>An error without a message.</summary>
    public ImageException()
    {
    }
}
