namespace Secateur.Cli.Commands.Pruning;

/// <summary>Shows a part that is done as percent, with the time left.</summary>
/// <param name="terminal">Where to write.</param>
internal sealed class PartProgress(Terminal terminal) : IProgress<Compression.Structured.PruningProgress>, IDisposable
{
    const int Whole = 1000;

    ProgressLine? line;
    Compression.Structured.PruningStep? step;

    /// <inheritdoc/>
    public void Report(Compression.Structured.PruningProgress value)
    {
        if (step != value.Step)
        {
            line?.Dispose();
            (line, step) = (new(terminal, value.Step == Compression.Structured.PruningStep.Score ? "scoring heads and neurons" : "making up for what is removed", Whole) { Percent = true }, value.Step);
        }

        line!.Report((int)(value.Part * Whole));
    }

    /// <inheritdoc/>
    public void Dispose() => line?.Dispose();
}
