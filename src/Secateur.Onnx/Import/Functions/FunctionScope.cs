using Secateur.Models.Checkpoints;
using Secateur.Onnx.Schema;

namespace Secateur.Onnx.Import.Functions;

/// <summary>Where names mean something: the whole graph, one call of a function, or a branch inside either.</summary>
/// <param name="path">The file, for errors.</param>
/// <param name="opset">Version of the operators.</param>
/// <param name="function">The function that is called; null in the graph itself, whose names stay as they are.</param>
internal sealed class FunctionScope(string path, int opset, FunctionProto? function)
{
    readonly Dictionary<string, string> names = [];

    /// <summary>Version of the operators.</summary>
    public int Opset => opset;

    /// <summary>The function that is called; null in the graph itself.</summary>
    public FunctionProto? Function => function;

    /// <summary>Where the call stands, as names of nodes begin: "block/"; empty in the graph itself.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Around this: where the call stands, or the branch.</summary>
    public FunctionScope? Outer { get; init; }

    /// <summary>Whether this is a branch, which may read what is around it.</summary>
    public bool IsBranch { get; init; }

    /// <summary>What the call says of the function's attributes.</summary>
    public IReadOnlyDictionary<string, AttributeProto> Attributes { get; init; } = new Dictionary<string, AttributeProto>();

    /// <summary>What the call takes, by the names that the function has for it: they become the call's.</summary>
    public Dictionary<string, string> Wanted { get; } = [];

    /// <summary>Calls around this one.</summary>
    public int Depth => (Outer?.Depth ?? 0) + (IsBranch ? 0 : 1);

    /// <summary>Whether a function is being called already.</summary>
    public bool IsCalling(FunctionProto one) => function == one || Outer?.IsCalling(one) == true;

    /// <summary>A branch in here.</summary>
    public FunctionScope Inside() => new(path, opset, function) { Prefix = Prefix, Outer = this, IsBranch = true, Attributes = Attributes };

    /// <summary>What a name in here stands for in the whole graph.</summary>
    /// <exception cref="CheckpointException">Nothing gave it.</exception>
    public string Read(string name)
    {
        if (function is null || name.Length == 0)
            return name;
        for (FunctionScope? scope = this; scope is not null; scope = scope.IsBranch ? scope.Outer : null)
            if (scope.names.TryGetValue(name, out string? known))
                return known;
        throw Wrong($"reads '{Node.Short(name)}', which nothing before gives");
    }

    /// <summary>Says what a name in here stands for.</summary>
    /// <exception cref="CheckpointException">It stands for something already.</exception>
    public void Set(string name, string known)
    {
        if (!names.TryAdd(name, known))
            throw Wrong($"gives '{Node.Short(name)}' twice");
    }

    /// <summary>An error of this function.</summary>
    public CheckpointException Wrong(string what) => new($"{path}: the function {Node.Short(function?.Name ?? "")} {what}.");
}
