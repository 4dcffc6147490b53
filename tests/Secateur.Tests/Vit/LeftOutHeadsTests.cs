using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Tests.Vit;

/// <summary>A head that a map leaves out is one whose output is zero before the projection, and whose products are not computed.</summary>
public sealed class LeftOutHeadsTests
{
    const int From = 2;

    [Theory]
    [InlineData("tiny-vit")]
    [InlineData("tiny-deit-distilled")]
    [InlineData("tiny-dinov2-registers")]
    [InlineData("odd-vit")]
    public void It_is_as_if_its_columns_of_the_projection_were_zero_to_the_last_bit(string name)
    {
        VisionTransformer network = TinyNetworks.Load(name);
        float[] input = Pictures(network, 2);
        bool[] kept = [.. Enumerable.Range(0, network.Blocks[0].Heads).Select(h => h != 1)];
        using SafetensorsFile weights = SafetensorsFile.Open(Fixtures.Path($"{name}/model.safetensors"));
        var zeroed = new VisionTransformer(network.Config, new WithoutHead(weights, network.Blocks[0].HeadDim));
        float[] expected = zeroed.Run(input, 2), dense = network.Run(input, 2);
        Assert.NotEqual(dense, expected);
        Assert.Equal(expected, network.Run(input, 2, LeavingOut(kept)));
        Assert.Equal(expected[..network.Classes], network.Run(input.AsSpan(0, network.ImageLength), 1, LeavingOut(kept)));
        Assert.Equal(dense, network.Run(input, 2, LeavingOut([.. kept.Select(_ => true)])));
    }

    [Fact]
    public void Each_picture_leaves_out_its_own_heads()
    {
        VisionTransformer network = TinyNetworks.Load("tiny-vit");
        float[] input = Pictures(network, 4);
        TokenPlan plan = Plan(new Leaving((in TokenView view) =>
        {
            // Which head goes is read out of the picture.
            var kept = new bool[view.Heads];
            Array.Fill(kept, true);
            kept[(int)(BitConverter.SingleToUInt32Bits(view.Token(0)[0]) % (uint)view.Heads)] = false;
            return kept;
        }));
        float[] together = network.Run(input, 4, plan);
        for (int i = 0; i < 4; i++)
            Assert.Equal(together[(i * network.Classes)..((i + 1) * network.Classes)], network.Run(input.AsSpan(i * network.ImageLength, network.ImageLength), 1, plan));
    }

    [Fact]
    public void Its_multiply_adds_are_not_counted_since_they_are_not_executed()
    {
        VisionTransformer network = TinyNetworks.Load("tiny-vit");
        long tokens = network.PrefixTokens + network.PatchTokens, each = 2 * tokens * tokens * network.Blocks[0].HeadDim;
        bool[] kept = [true, .. Enumerable.Repeat(false, network.Blocks[0].Heads - 1)];
        MacCounter dense = new(network, TokenPlan.Dense), less = new(network, LeavingOut(kept));
        float[] input = Pictures(network, 1), logits = new float[network.Classes];
        network.Run(input, 1, logits, observer: dense);
        network.Run(input, 1, logits, LeavingOut(kept), less);
        Assert.Equal(dense.Blocks - ((network.Depth - From) * (kept.Length - 1) * each), less.Blocks);
    }

    static TokenPlan LeavingOut(bool[] kept) => Plan(new Leaving((in TokenView view) => kept));

    static TokenPlan Plan(Leaving reducer) => new("heads", [new(From - 1, TokenPosition.AfterAttention, reducer)]);

    static float[] Pictures(VisionTransformer network, int count)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, count * network.ImageLength).Select(_ => (float)((random.NextDouble() * 4) - 2))];
    }

    delegate bool[] Choice(in TokenView view);

    sealed class Leaving(Choice heads) : ITokenReducer
    {
        public TokenSignals Needs => TokenSignals.Tokens;

        public bool Remembers => true;

        public TokenMap Reduce(in TokenView view, int remove) => TokenMap.Identity(view.Count).WithHeads(heads(view));
    }

    /// <summary>A checkpoint whose later blocks project nothing of head 1.</summary>
    sealed class WithoutHead(ITensorSource source, int headDim) : ITensorSource
    {
        public string Path => source.Path;

        public IReadOnlyDictionary<string, TensorInfo> Tensors => source.Tensors;

        public void Read(string name, Span<float> values)
        {
            source.Read(name, values);
            string[] parts = name.Split('.');
            if (!name.EndsWith("attn.proj.weight", StringComparison.Ordinal) || int.Parse(parts[Array.IndexOf(parts, "blocks") + 1]) < From)
                return;
            int inputs = (int)source.Tensors[name].Shape[1];
            for (int row = 0; row < values.Length; row += inputs)
                values.Slice(row + headDim, headDim).Clear();
        }
    }
}
