namespace Secateur.Onnx.Export;

/// <summary>How a network is written as a graph.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>Version of the operators: 17 to 21.</summary>
    public int Opset { get; init; } = 17;

    /// <summary>Pictures or texts in a run; null for a side that is known by name, "batch".</summary>
    public int? Batch { get; init; }

    /// <summary>Tokens of every text, padding included; null for a side that is known by name, "sequence".</summary>
    public int? Sequence { get; init; }

    /// <summary>Whether the graph takes bytes, [batch, height, width, 3], and normalises them itself. Resizing and cropping stay outside.</summary>
    public bool Normalise { get; init; }

    /// <summary>Whether the decisions about tokens come out beside the logits: for each stage "stage.I.kept" (indices of the tokens that stay, int64 [batch, kept])
    /// or "stage.I.group" (the group of every token, -1 for those that go, int64 [batch, tokens]).</summary>
    public bool Decisions { get; init; }
}
