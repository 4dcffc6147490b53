using Secateur.Compression.Structured;
using Secateur.Compression.Structured.Patches;
using Secateur.Compression.Structured.Score.Optin;
using Secateur.Kernels;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Tests.Structured.Patches;

public sealed class PatchScorerTests
{
    const int Pictures = 3;

    [Theory]
    [InlineData("deit-distilled")]
    [InlineData("mae-avg-pool")]
    public void A_patch_scores_what_removing_it_alone_does_to_later_blocks_and_answers(string name)
    {
        VisionTransformer network = VisionTransformer.Load(Fixtures.Path($"timm/{name}"));
        var options = new OptinOptions { Lambda = 0.5, Balances = false, Temperature = 2 };
        Calibration calibration = Calibrate(network);
        PatchScores scores = new PatchScorer(new() { Optin = options }).Score(calibration);
        Assert.Equal(network.Depth, scores.Blocks.Length);
        Assert.Empty(scores.Blocks[0]);
        for (int block = 1; block < network.Depth; block++)
            for (int patch = 0; patch < network.PatchTokens; patch++)
            {
                double plain = Plain(network, calibration.Batches[0].Tokens, block, patch, options);

                // The differences are sums of float32 products of unit rows: 1e-6 of the maps, whose squares are summed.
                Assert.Equal(plain, scores.Blocks[block][patch], 1e-3 * Math.Max(plain, 1e-6));
            }
    }

    [Fact]
    public void Scores_do_not_depend_on_the_number_of_threads()
    {
        float[][] Scored(int threads)
        {
            VisionTransformer network = VisionTransformer.Load(Fixtures.Path("timm/deit3"), new() { Threads = new Threads(threads) });
            return new PatchScorer().Score(Calibrate(network)).Blocks;
        }

        Assert.Equal(Scored(1), Scored(3));
    }

    [Fact]
    public void What_is_left_out_lies_on_a_line_between_what_was_looked_at()
    {
        float[][] scores = [[], [0, -1, 2, -1, -1, -1, 4, -1, 6], [], [8, -1, 10, -1, -1, -1, 12, -1, 14]];
        float[][] whole = Interpolation.Fill(scores, [1, 3], (3, 3), 2);
        Assert.Equal([0, 1, 2, 2, 3, 4, 4, 5, 6], whole[1]);
        Assert.Equal([4, 5, 6, 6, 7, 8, 8, 9, 10], whole[2]);
        Assert.Equal([1, 3, 5, 6], Interpolation.Samples(1, 6, 2));
    }

    [Fact]
    public void One_picture_alone_cannot_score_patches()
    {
        VisionTransformer network = VisionTransformer.Load(Fixtures.Path("timm/deit3"));
        ArgumentException error = Assert.Throws<ArgumentException>(() => new PatchScorer().Score(new(network, [new(network.Embed(new float[network.ImageLength], 1), [])])));
        Assert.Contains("two pictures", error.Message, StringComparison.Ordinal);
    }

    internal static Calibration Calibrate(VisionTransformer network)
    {
        var random = new Random(5);
        float[] images = [.. Enumerable.Range(0, Pictures * network.ImageLength).Select(_ => random.NextSingle() - 0.5f)];
        return new(network, [new(network.Embed(images, Pictures), [])]);
    }

    static double Plain(VisionTransformer network, TokenRows batch, int block, int patch, OptinOptions options)
    {
        (List<float[][][]> Blocks, float[] Logits) whole = Trace(batch, 0), less;
        var tokens = new TokenRows(Pictures, Pictures * (network.PrefixTokens + network.PatchTokens), network.Width);
        float[][][] entering = whole.Blocks[block - 1];
        float[][][] rest = [.. entering.Select(rows => rows.Where((_, i) => i != network.PrefixTokens + patch).ToArray())];
        tokens.Reset([.. rest.Select(rows => rows.Length)]);
        for (int s = 0; s < Pictures; s++)
            for (int i = 0; i < rest[s].Length; i++)
                rest[s][i].CopyTo(tokens.Sequence(s).Row(i));
        less = Trace(tokens, block);
        double sum = 0;
        for (int z = block + 1; z < network.Depth; z++)
            for (int a = 0; a < Pictures; a++)
                for (int b = 0; b < Pictures; b++)
                    sum += Math.Pow(Map(whole.Blocks[z], a, b) - Map(less.Blocks[z - block], a, b), 2);
        for (int s = 0; s < Pictures; s++)
            sum += options.Lambda * AnswerLoss.Of(network.AnswerKind, whole.Logits.AsSpan(s * network.Classes, network.Classes), less.Logits.AsSpan(s * network.Classes, network.Classes), options.Temperature, softens: true);
        return sum;

        (List<float[][][]> Blocks, float[] Logits) Trace(TokenRows from, int first)
        {
            var copy = new TokenRows(Pictures, from.Count, network.Width);
            copy.CopyFrom(from);
            var observer = new Recorder();
            var logits = new float[Pictures * network.Classes];
            network.RunBlocks(copy, first, logits, observer);
            return (observer.Blocks, logits);
        }

        static double Map(float[][][] rows, int a, int b)
        {
            double sum = 0;
            for (int i = 0; i < rows[a].Length; i++)
                sum += Dot(rows[a][i], rows[b][i]) / Math.Sqrt(Dot(rows[a][i], rows[a][i]) * Dot(rows[b][i], rows[b][i]));
            return sum / rows[a].Length;
        }

        static double Dot(float[] x, float[] y) => x.Zip(y, (p, q) => (double)p * q).Sum();
    }

    sealed class Recorder : RunObserver
    {
        public List<float[][][]> Blocks { get; } = [];

        public override void OnBlock(int block, TokenRows tokens) =>
            Blocks.Add([.. Enumerable.Range(0, tokens.Sequences).Select(s => Enumerable.Range(0, tokens.Sequence(s).Rows).Select(i => tokens.Sequence(s).Row(i).ToArray()).ToArray())]);
    }
}
