using Secateur.Kernels;
using Secateur.Models;
using Secateur.Models.Bert;
using Secateur.Models.Checkpoints;
using Secateur.Models.Text;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Bert;

public sealed class TextTransformerTests
{
    // Sums in another order than the reference's, through four blocks with two norms each.
    const double Tolerance = 2e-5;

    [Fact]
    public void Tokens_after_every_block_are_those_of_the_reference()
    {
        TextTransformer network = TextNetworks.Load("tiny-bert");
        using SafetensorsFile expected = TextNetworks.Expected("tiny-bert");
        var trace = new Trace();
        var logits = new float[5 * 3];
        network.Run(TextBatch.Of(TextNetworks.Texts(expected)), logits, trace);
        for (int block = 0; block < network.Depth; block++)
            Assert.InRange(TinyNetworks.Difference(TextNetworks.Unpad(expected, $"block{block}.tokens"), trace.Blocks[block]), 0, Tolerance);
        Assert.InRange(TinyNetworks.Difference(expected.Read("logits"), logits), 0, Tolerance);
    }

    [Fact]
    public void Logits_do_not_depend_on_batch_mates_or_threads()
    {
        using SafetensorsFile expected = TextNetworks.Expected("tiny-bert");
        TextTokens[] texts = [.. TextNetworks.Texts(expected)];
        float[] together = TextNetworks.Load("tiny-bert", threads: new Threads(3)).Run(TextBatch.Of(texts));
        TextTransformer alone = TextNetworks.Load("tiny-bert", threads: new Threads(1));
        Assert.Equal(together, texts.SelectMany(text => alone.Run(TextBatch.Of([text]))));
    }

    [Fact]
    public void Embedded_tokens_run_on_from_any_block()
    {
        TextTransformer network = TextNetworks.Load("tiny-bert");
        using SafetensorsFile expected = TextNetworks.Expected("tiny-bert");
        var batch = TextBatch.Of(TextNetworks.Texts(expected));
        TokenRows tokens = network.Embed(batch);
        var logits = new float[network.Answers(tokens) * network.Classes];
        network.RunBlocks(tokens, 0, logits);
        Assert.Equal(network.Run(batch), logits);
    }

    [Fact]
    public void Either_kind_of_network_is_loaded_by_what_its_weights_are_called()
    {
        Assert.IsType<TextTransformer>(Transformer.Load(Fixtures.Path("tiny-bert")));
        Assert.IsType<VisionTransformer>(Transformer.Load(Fixtures.Path("timm/deit3")));
    }

    [Fact]
    public void A_run_allocates_nothing_after_the_first_as_large()
    {
        using var threads = new Threads(1);
        TextTransformer network = TextNetworks.Load("tiny-bert", threads: threads);
        using SafetensorsFile expected = TextNetworks.Expected("tiny-bert");
        TextTokens[] texts = [.. TextNetworks.Texts(expected)];
        TextBatch all = TextBatch.Of(texts), some = TextBatch.Of(texts[1..3]);
        var logits = new float[15];
        for (int i = 0; i < 3; i++)
            Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 5; i++)
            Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run()
        {
            network.Run(all, logits);
            network.Run(some, logits.AsSpan(0, 6));
        }
    }

    [Fact]
    public void Texts_that_the_network_cannot_take_are_refused()
    {
        TextTransformer network = TextNetworks.Load("tiny-bert");
        Assert.Equal(64, network.Config.LongestText);
        Assert.Contains("64 at most", Assert.Throws<ArgumentException>(() => network.Run(Batch(65, 5, 0))).Message);
        Assert.Contains("the token 120", Assert.Throws<ArgumentException>(() => network.Run(Batch(3, 120, 0))).Message);
        Assert.Contains("the token -1", Assert.Throws<ArgumentException>(() => network.Run(Batch(3, -1, 0))).Message);
        Assert.Contains("type 2", Assert.Throws<ArgumentException>(() => network.Run(Batch(3, 5, 2))).Message);
        Assert.Throws<ArgumentException>(() => TextBatch.Of([]));
        Assert.Throws<ArgumentException>(() => TextBatch.Of([new([], [])]));
        Assert.Throws<ArgumentException>(() => TextBatch.Of([new([1, 2], [0])]));

        static TextBatch Batch(int length, int word, int type) => TextBatch.Of([new([.. Enumerable.Repeat(word, length)], [.. Enumerable.Repeat(type, length)])]);
    }

    [Fact]
    public void Every_register_width_gives_the_same_logits_to_rounding()
    {
        using SafetensorsFile expected = TextNetworks.Expected("tiny-bert");
        foreach (KernelSet kernels in KernelSet.Supported)
            Assert.InRange(TinyNetworks.Difference(expected.Read("logits"), TextNetworks.Load("tiny-bert", kernels).Run(TextBatch.Of(TextNetworks.Texts(expected)))), 0, Tolerance);
    }

    sealed class Trace : RunObserver
    {
        public List<float[]> Blocks { get; } = [];

        public override void OnBlock(int block, TokenRows tokens) => Blocks.Add([.. Enumerable.Range(0, tokens.Count).SelectMany(i => tokens.Rows.Row(i).ToArray())]);
    }
}
