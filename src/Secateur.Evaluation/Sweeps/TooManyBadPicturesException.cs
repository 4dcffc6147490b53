namespace Secateur.Evaluation.Sweeps;

/// <summary>More pictures than were allowed cannot be read.</summary>
/// <param name="message">How many, and what to do.</param>
public sealed class TooManyBadPicturesException(string message) : Exception(message)
{
    /// <summary>Without words.</summary>
    public TooManyBadPicturesException()
        : this("Too many pictures cannot be read.")
    {
    }

    /// <summary>With a cause.</summary>
    /// <param name="message">How many, and what to do.</param>
    /// <param name="inner">The cause.</param>
    public TooManyBadPicturesException(string message, Exception inner)
        : this($"{message} {inner?.Message}")
    {
    }
}
