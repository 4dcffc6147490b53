namespace Secateur.Tests.Tokens;

/// <summary>ToMe on a real network and photographs, against what its released code answered.</summary>
public sealed class ToMeOnPhotographs
{
    [SkippableTheory]
    [InlineData("tome.r8", "tome-r8")]
    [InlineData("tome.r13", "tome-r13")]
    public void The_answers_are_the_reference_s(string name, string planName) => Photographs.Compare(name, planName);
}
