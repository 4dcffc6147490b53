using Secateur.Kernels;
using Secateur.Models;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Structured.Score.Optin;

/// <summary>Takes each block's features from a run over copies of a batch: the chosen rows, each scaled to length 1.</summary>
/// <param name="rows">The chosen rows.</param>
internal class FeatureTap(ManifoldRows rows) : RunObserver
{
    Matrix[][] features = [];
    int batch;
    Threads threads = Threads.Inline;

    /// <summary>The tap of a definition. The paper's features leave a block. The released code takes a language network's from the MLP's last product,
    /// before residual and norm, and a vision network's from a block's first norm.</summary>
    public static FeatureTap Of(ManifoldRows rows, Transformer network, bool released, bool language) =>
        !released ? new(rows) : language ? new ProductTap(rows) : new NormTap(rows, network);

    /// <summary>Says what runs next.</summary>
    /// <param name="copies">Receives the features of each copy, [copies][blocks] of [rows, width].</param>
    /// <param name="index">Which batch.</param>
    /// <param name="workers">Who copies.</param>
    public void Begin(Matrix[][] copies, int index, Threads workers) => (features, batch, threads) = (copies, index, workers);

    public override void OnBlock(int block, TokenRows tokens) => Gather(block, tokens.Rows);

    /// <summary>Takes the chosen rows of every copy.</summary>
    protected void Gather(int block, Matrix tokens) => threads.For(features.Length, new GatherCopy(rows, features, batch, block, tokens));

    /// <summary>At least as many rows as these.</summary>
    static Matrix Like(Matrix tokens, ref Matrix? room)
    {
        if (room is null || room.Value.Rows < tokens.Rows)
            room = Matrix.Allocate(tokens.Rows, tokens.Columns);
        return room.Value.SliceRows(0, tokens.Rows);
    }

    readonly struct GatherCopy(ManifoldRows rows, Matrix[][] features, int batch, int block, Matrix tokens) : IWork
    {
        public void Run(int task, int worker)
        {
            int length = tokens.Rows / features.Length;
            rows.Gather(batch, tokens.SliceRows(task * length, length), features[task][block]);
        }
    }

    sealed class NormTap(ManifoldRows rows, Transformer network) : FeatureTap(rows)
    {
        Matrix? normed;

        public override void OnAttention(int block, TokenRows tokens)
        {
            Matrix room = Like(tokens.Rows, ref normed);
            network.NormInput(block, tokens.Rows, room);
            Gather(block, room);
        }

        public override void OnBlock(int block, TokenRows tokens)
        {
        }
    }

    sealed class ProductTap(ManifoldRows rows) : FeatureTap(rows)
    {
        Matrix? middle;

        public override void OnMlp(int block, TokenRows tokens)
        {
            Matrix room = Like(tokens.Rows, ref middle);
            for (int i = 0; i < room.Rows; i++)
                tokens.Rows.Row(i).CopyTo(room.Row(i));
        }

        public override void OnOutputSum(int block, TokenRows tokens)
        {
            Matrix room = Like(tokens.Rows, ref middle);
            for (int i = 0; i < room.Rows; i++)
            {
                ReadOnlySpan<float> sum = tokens.Rows.Row(i);
                Span<float> product = room.Row(i);
                for (int c = 0; c < product.Length; c++)
                    product[c] = sum[c] - product[c];
            }

            Gather(block, room);
        }

        public override void OnBlock(int block, TokenRows tokens)
        {
        }
    }
}
