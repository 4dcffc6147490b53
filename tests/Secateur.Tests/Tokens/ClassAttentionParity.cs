using Secateur.Compression.Tokens;
using Secateur.Models.Tokens;

namespace Secateur.Tests.Tokens;

/// <summary>EViT, Top-K and ATS against their released code over whole networks: later decisions see what earlier ones have left.</summary>
public sealed class ClassAttentionParity
{
    [Theory]
    [InlineData("tiny-vit", "evit.0.7", InattentiveFusion.Raw)]
    [InlineData("tiny-vit", "evit.0.7.no-fuse", InattentiveFusion.None)]
    [InlineData("odd-vit", "evit.0.7", InattentiveFusion.Raw)]
    [InlineData("odd-vit", "evit.0.7.no-fuse", InattentiveFusion.None)]
    public void Evit_s_decisions_in_their_order_tokens_and_logits_are_the_reference_s(string name, string at, InattentiveFusion fuse)
    {
        var reducer = new EViT(new() { Fuse = fuse });
        int[] blocks = [1, 3];
        var trace = new NetworkTrace(name, new("parity", [.. blocks.Select(block => new TokenStage(block, TokenPosition.AfterAttention, reducer) { Keep = 0.7 })]));
        trace.Compare(at);
        for (int stage = 0; stage < blocks.Length; stage++)
            Assert.Equal(
                trace.Expected($"{at}.block{blocks[stage]}.kept_in_order"),
                trace.Maps[stage].SelectMany(map => NetworkTrace.KeptInOrder(map, 1).Select(i => i - 1)));
        if (fuse == InattentiveFusion.Raw)
            Assert.Equal(trace.Sizes[0].Sum(), trace.Sizes[^1].Sum());
    }

    [Theory]
    [InlineData("tiny-vit")]
    [InlineData("odd-vit")]
    public void Top_k_s_tokens_and_logits_are_the_reference_s(string name) =>
        new NetworkTrace(name, new("parity", [.. Enumerable.Range(0, 6).Select(block => new TokenStage(block, TokenPosition.AfterAttention, new TopK()) { Remove = 6 })]))
            .Compare("topk.r6");

    [Theory]
    [InlineData("tiny-vit", 0)]
    [InlineData("tiny-vit", 1)]
    [InlineData("odd-vit", 0)]
    [InlineData("odd-vit", 1)]
    public void Ats_s_tokens_in_their_order_and_logits_are_the_reference_s(string name, int image)
    {
        var reducer = new AdaptiveTokenSampling();
        new NetworkTrace(name, new("parity", [.. Enumerable.Range(2, 4).Select(block => new TokenStage(block, TokenPosition.AfterAttention, reducer) { Remove = 1000 })]), image)
            .Compare($"ats.from2.image{image}");
    }
}
