namespace Secateur.Evaluation.Sweeps;

/// <summary>Where the files of results lie. Every file appears whole or not at all, but for the journals of cells that are running.</summary>
/// <remarks>results.json says what was measured; pictures.json names the pictures; plans/CELL.json is a cell's plan, cells/CELL.json its answers,
/// latency/CELL.json its timing; dense.safetensors holds the dense network's raw answers. A part that one of several machines made has ".2-of-8" before the ending.</remarks>
/// <param name="path">The folder.</param>
public sealed class ResultsFolder(string path)
{
    /// <summary>The folder.</summary>
    public string Path { get; } = path;

    /// <summary>What was measured.</summary>
    public string Manifest => In("results.json");

    /// <summary>Names and labels of the pictures.</summary>
    public string Pictures => In("pictures.json");

    /// <summary>The device's latency against tokens, where somebody put it there: a file of secateur profile.</summary>
    public string Profile => In("profile.json");

    /// <summary>Held by the one process that writes what is the same for all: manifest, pictures and plans.</summary>
    internal string Lock => In(".lock");

    /// <summary>The folder and those in it.</summary>
    internal IEnumerable<string> Folders => [Path, In("plans"), In("cells"), In("latency")];

    /// <summary>A cell's plan.</summary>
    public string Plan(string cell) => In("plans", $"{cell}.json");

    /// <summary>A cell's timing.</summary>
    public string Latency(string cell) => In("latency", $"{cell}.json");

    /// <summary>A cell's answers.</summary>
    public string Cell(string cell, Shard shard) => In("cells", $"{cell}{Suffix(shard)}.json");

    /// <summary>What a cell that is running has so far.</summary>
    public string Journal(string cell, Shard shard) => In("cells", $"{cell}{Suffix(shard)}.journal");

    /// <summary>The dense network's raw answers.</summary>
    public string DenseLogits(Shard shard) => In($"dense{Suffix(shard)}.safetensors");

    static string Suffix(Shard shard) => shard.IsWhole ? "" : $".{shard}";

    string In(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);
}
