using Secateur.Compression.Structured.Score.Optin;
using Secateur.Kernels;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;

namespace Secateur.Compression.Structured.Patches;

/// <summary>Runs a batch without some of its patches, from where they are missing on, and compares with the whole batch.</summary>
internal sealed class PatchRun
{
    readonly VisionTransformer network;
    readonly TokenRows[] entering;
    readonly double[][] maps;
    readonly float[] answers;
    readonly OptinOptions options;
    readonly int pictures;
    readonly CancellationToken cancellation;

    /// <summary>Runs the whole batch.</summary>
    public PatchRun(VisionTransformer network, TokenRows batch, OptinOptions options, CancellationToken cancellation)
    {
        (this.network, this.options, this.cancellation, pictures) = (network, options, cancellation, batch.Sequences);
        (entering, maps) = (new TokenRows[network.Depth], new double[network.Depth][]);
        answers = new float[pictures * network.Classes];
        network.RunBlocks(batch.Copy(), 0, answers, new Whole(this), cancellation);
    }

    /// <summary>How far the blocks after one and the answers move when the patch of a place is missing from that one on.</summary>
    /// <param name="block">The block.</param>
    /// <param name="places">Patches; each is missing alone.</param>
    /// <returns>Of each place: the sum over later blocks of the squared difference of their maps, and the divergence of the answers, summed over the pictures.</returns>
    public UnitLoss[] Without(int block, int[] places)
    {
        int length = network.PrefixTokens + network.PatchTokens - 1;
        var tokens = new TokenRows(places.Length * pictures, places.Length * pictures * length, network.Width);
        tokens.Reset([.. Enumerable.Repeat(length, places.Length * pictures)]);
        for (int s = 0; s < tokens.Sequences; s++)
        {
            Matrix whole = entering[block].Sequence(s % pictures), less = tokens.Sequence(s);
            int missing = network.PrefixTokens + places[s / pictures];
            for (int i = 0; i < length; i++)
                whole.Row(i < missing ? i : i + 1).CopyTo(less.Row(i));
        }

        var manifold = new double[places.Length];
        var own = new float[places.Length * answers.Length];
        network.RunBlocks(tokens, block, own, new Missing(this, block, manifold), cancellation);
        return [.. manifold.Select((moved, i) => new UnitLoss(moved, Enumerable.Range(0, pictures).Sum(p => Loss(p, own, (i * pictures) + p))))];
    }

    double Loss(int picture, float[] own, int row) => AnswerLoss.Of(network.AnswerKind, Row(answers, picture), Row(own, row), options.Temperature, softens: true);

    ReadOnlySpan<float> Row(float[] logits, int row) => logits.AsSpan(row * network.Classes, network.Classes);

    sealed class Whole(PatchRun run) : RunObserver
    {
        public override void OnAttention(int block, TokenRows tokens) => run.entering[block] = tokens.Copy();

        public override void OnBlock(int block, TokenRows tokens) => run.maps[block] = PatchManifold.Of(run.network.Threads, tokens, run.pictures);
    }

    sealed class Missing(PatchRun run, int block, double[] moved) : RunObserver
    {
        public override void OnBlock(int later, TokenRows tokens)
        {
            if (later <= block)
                return;
            double[] found = PatchManifold.Of(run.network.Threads, tokens, run.pictures);
            int length = run.maps[later].Length;
            for (int i = 0; i < moved.Length; i++)
                moved[i] += PatchManifold.Loss(run.maps[later], found.AsSpan(i * length, length));
        }
    }
}
