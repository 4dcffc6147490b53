using Secateur.Evaluation.Sweeps;

namespace Secateur.Cli.Commands.Evaluating;

/// <summary>Where results go while they are made: the folder that was named, or one that is removed at the end, however that comes.</summary>
internal sealed class ResultsPlace : IDisposable
{
    /// <summary>A place.</summary>
    /// <param name="named">The folder to keep; null for none.</param>
    public ResultsPlace(string? named)
    {
        IsKept = named is not null;
        Folder = new(named ?? Directory.CreateTempSubdirectory("secateur-").FullName);
    }

    /// <summary>Whether the results stay.</summary>
    public bool IsKept { get; }

    /// <summary>The folder.</summary>
    public ResultsFolder Folder { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!IsKept && Directory.Exists(Folder.Path))
            Directory.Delete(Folder.Path, recursive: true);
    }
}
