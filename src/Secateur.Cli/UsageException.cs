namespace Secateur.Cli;

/// <summary>A command line that parses but cannot be meant; the message says what to write instead.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>A file that was given and cannot be used; the message names it and says what to do.</summary>
internal sealed class BadInputException(string message) : Exception(message);
