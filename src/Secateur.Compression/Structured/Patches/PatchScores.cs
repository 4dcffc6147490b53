using Secateur.Models.Vit;

namespace Secateur.Compression.Structured.Patches;

/// <summary>How much the patch at each place matters to each block and all after it; a larger score is kept longer. All scores compare with each other.</summary>
/// <param name="Blocks">[blocks][patches]; the first block's is empty, since every patch enters it (OPTIN, released code).</param>
public sealed record PatchScores(float[][] Blocks)
{
    /// <summary>Patches of a picture.</summary>
    public int Patches => Blocks.Length > 1 ? Blocks[1].Length : 0;

    /// <summary>Refuses scores of another network.</summary>
    /// <exception cref="ArgumentException">They are not of as many blocks and patches.</exception>
    internal void RequireFits(VisionTransformer network)
    {
        if (Blocks.Length != network.Depth || Blocks.Skip(1).Any(block => block.Length != network.PatchTokens))
            throw new ArgumentException($"The scores are not of {network.Depth} blocks and {network.PatchTokens} patches.");
    }
}
