namespace Secateur.Onnx.Import.Vision;

/// <summary>A token as it enters the first block: a patch or something learnt, and what was added to it.</summary>
/// <param name="Patch">Which patch it is; -1 where it is none.</param>
/// <param name="Learnt">What it is, where it is no patch.</param>
/// <param name="Added">What was added to it; null for nothing.</param>
internal sealed record VisionToken(int Patch, float[]? Learnt, float[]? Added)
{
    /// <summary>The token with something added.</summary>
    public VisionToken With(float[] more) => this with { Added = Added is null ? more : [.. Added.Zip(more, (a, b) => a + b)] };
}
