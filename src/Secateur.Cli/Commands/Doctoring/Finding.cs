namespace Secateur.Cli.Commands.Doctoring;

/// <summary>How one thing is.</summary>
internal enum FindingState
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It works, and could be better.</summary>
    Note,

    /// <summary>Something does not work.</summary>
    Problem,
}

/// <summary>What was found of one thing.</summary>
/// <param name="Name">The thing: "registers".</param>
/// <param name="State">How it is.</param>
/// <param name="Found">What was found.</param>
/// <param name="Advice">What to do; null where there is nothing to do.</param>
internal sealed record Finding(string Name, FindingState State, string Found, string? Advice = null)
{
    public static Finding Ok(string name, string found) => new(name, FindingState.Ok, found);

    public static Finding Note(string name, string found, string advice) => new(name, FindingState.Note, found, advice);

    public static Finding Problem(string name, string found, string advice) => new(name, FindingState.Problem, found, advice);
}
