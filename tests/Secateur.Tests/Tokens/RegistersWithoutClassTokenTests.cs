using Secateur.Compression.Tokens;
using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Tokens;

/// <summary>Networks with registers and average pooling, but without a class token: their first token is a register, which no method takes for a class token.</summary>
public sealed class RegistersWithoutClassTokenTests
{
    const string Name = "tiny-dinov2-registers";

    public static TheoryData<string> Methods => ["top-k", "evit", "ats", "k-medoids", "diffrate", "zero-tprune", "composition"];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Methods_are_shown_the_attention_received_and_no_class_token(string method)
    {
        VisionTransformer network = Network();
        TokenPlan plan = TokenMethods.Get(method).DefaultPlan(network.Depth, network.PatchTokens);
        var watched = plan with { Stages = [.. plan.Stages.Select(stage => stage with { Reducer = new Watched(stage.Reducer) })] };
        Assert.All(network.Run(new float[network.ImageLength], 1, watched), logit => Assert.True(float.IsFinite(logit)));
    }

    [Fact]
    public void Top_K_keeps_those_that_receive_most_attention()
    {
        VisionTransformer network = Network();
        float[] picture = [.. Enumerable.Range(0, network.ImageLength).Select(i => MathF.Sin(i))];
        float[] Answers(ITokenReducer reducer) => network.Run(picture, 1, new("", [new(1, TokenPosition.AfterAttention, reducer) { Remove = 40 }]));
        Assert.Equal(
            Answers(new Composition(new() { Score = CompositionScore.Received, Rule = CompositionRule.Fuse, Fuse = InattentiveFusion.None })),
            Answers(new TopK()));
    }

    static VisionTransformer Network()
    {
        using SafetensorsFile weights = SafetensorsFile.Open(Fixtures.Path($"{Name}/model.safetensors"));
        return new(TinyNetworks.Load(Name).Config with { Pooling = VitPooling.Average }, new WithoutClassToken(weights));
    }

    /// <summary>The method itself, which also sees that it is shown no class token.</summary>
    sealed class Watched(ITokenReducer method) : ITokenReducer
    {
        public TokenSignals Needs => method.Needs;

        public bool ProportionalAttention => method.ProportionalAttention;

        public bool Remembers => method.Remembers;

        public bool Adaptive => method.Adaptive;

        public TokenMap Reduce(in TokenView view, int remove)
        {
            Assert.False(view.HasClassToken);
            Assert.Equal(4, view.Prefix);
            if ((Needs & TokenSignals.ClassAttention) != 0)
                Assert.Equal(view.Count, view.Received(0).Length);
            return method.Reduce(view, remove);
        }

        public int CountToRemove(int patches, double keep) => method.CountToRemove(patches, keep);

        public int MostToRemove(int patches) => method.MostToRemove(patches);
    }

    /// <summary>A checkpoint with its class token, and the position of it, left out.</summary>
    sealed class WithoutClassToken(ITensorSource source) : ITensorSource
    {
        public string Path => source.Path;

        public IReadOnlyDictionary<string, TensorInfo> Tensors { get; } = source.Tensors
            .Where(tensor => tensor.Key != "cls_token")
            .ToDictionary(tensor => tensor.Key, tensor => tensor.Key == "pos_embed" ? Shorter(tensor.Value) : tensor.Value);

        public void Read(string name, Span<float> values)
        {
            if (name == "pos_embed")
                source.Read(name).AsSpan(source.Tensors[name].Shape[2]).CopyTo(values);
            else
                source.Read(name, values);
        }

        static TensorInfo Shorter(TensorInfo info) => info with { Shape = [1, info.Shape[1] - 1, info.Shape[2]] };
    }
}
