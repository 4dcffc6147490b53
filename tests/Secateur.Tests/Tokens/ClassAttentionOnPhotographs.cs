namespace Secateur.Tests.Tokens;

/// <summary>The methods that rank by attention on a real network and photographs, against what their released code answered.</summary>
public sealed class ClassAttentionOnPhotographs
{
    [SkippableTheory]
    [InlineData("tail-effect.block3.R69.per-image", "tail-effect-r69")]
    [InlineData("evit.blocks3-6-9.0.7.fused", "evit-70")]
    [InlineData("evit.blocks3-6-9.0.7", "evit-70-no-fuse")]
    [InlineData("topk.r8", "top-k-r8")]
    public void The_answers_are_the_reference_s(string name, string planName) => Photographs.Compare(name, planName);
}
