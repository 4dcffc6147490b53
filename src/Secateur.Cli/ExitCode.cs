namespace Secateur.Cli;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    /// <summary>It is done.</summary>
    public const int Done = 0;

    /// <summary>It is done, and the answer is no.</summary>
    public const int No = 1;

    /// <summary>The command line is wrong.</summary>
    public const int WrongUsage = 2;

    /// <summary>A file that was given cannot be used, or one of several.</summary>
    public const int BadInput = 3;

    /// <summary>It was stopped (Ctrl-C).</summary>
    public const int Cancelled = 4;

    /// <summary>A fault of the tool itself.</summary>
    public const int Fault = 70;

    /// <summary>For the help and the README.</summary>
    public const string Explanation = "0 done, 1 the answer is no, 2 wrong usage, 3 bad input, 4 cancelled (70 a fault of the tool itself)";
}
