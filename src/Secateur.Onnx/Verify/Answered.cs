using Secateur.Models.Tokens;

namespace Secateur.Onnx.Verify;

/// <summary>What our engine answered to a batch of pictures, and what it decided on the way: by stage and picture, the group of every token.</summary>
internal sealed class Answered(float[] logits) : RunObserver
{
    public float[] Logits => logits;

    public Dictionary<(int Stage, int Picture), int[]> Groups { get; } = [];

    public override void OnMap(int stage, int sequence, TokenMap map) => Groups[(stage, sequence)] = map.Group.ToArray();
}
