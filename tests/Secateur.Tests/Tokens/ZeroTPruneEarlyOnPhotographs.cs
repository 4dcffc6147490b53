namespace Secateur.Tests.Tokens;

/// <summary>The early form on a real network and photographs, against what the reference framework answered.</summary>
public sealed class ZeroTPruneEarlyOnPhotographs
{
    [SkippableTheory]
    [InlineData("column-mean", "zero-tprune-early")]
    [InlineData("wpr5", "zero-tprune-early-votes5")]
    public void The_answers_are_the_reference_s(string variant, string planName) =>
        Photographs.Compare($"zerotprune-early.{variant}.blocks2-5-8.0.9-0.8-0.7", planName);
}
