using Secateur.Compression.Tokens;
using Secateur.Kernels;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Structured.Patches;

/// <summary>How the pictures of a batch lie to each other: for each place the cosines of the tokens that the pictures have there, [pictures, pictures],
/// then the mean over the places (Hao et al., "Learning Efficient Vision Transformers via Fine-Grained Manifold Distillation", NeurIPS 2022,
/// the inter-sample map). Batches that keep other numbers of tokens can be compared by it.</summary>
internal static class PatchManifold
{
    /// <summary>The map of every group of pictures that follow one another.</summary>
    /// <param name="threads">Who works.</param>
    /// <param name="tokens">Groups * pictures sequences of equal length.</param>
    /// <param name="pictures">Sequences of a group.</param>
    /// <returns>[groups, pictures, pictures]; only what is below the diagonal is filled, since the rest is known by it.</returns>
    public static double[] Of(Threads threads, TokenRows tokens, int pictures)
    {
        var lengths = new float[tokens.Count];
        threads.For(tokens.Sequences, new Lengths(tokens, lengths));
        var maps = new double[tokens.Sequences * pictures];
        threads.For(tokens.Sequences, new Cosines(tokens, lengths, pictures, maps));
        return maps;
    }

    /// <summary>The sum of squared differences between two maps: both triangles, since maps are symmetric.</summary>
    public static double Loss(ReadOnlySpan<double> one, ReadOnlySpan<double> other)
    {
        double sum = 0;
        for (int i = 0; i < one.Length; i++)
            sum += (one[i] - other[i]) * (one[i] - other[i]);
        return 2 * sum;
    }

    /// <summary>1 / the length of each token; 0 for a zero.</summary>
    readonly struct Lengths(TokenRows tokens, float[] inverse) : IWork
    {
        public void Run(int task, int worker)
        {
            Matrix rows = tokens.Sequence(task);
            for (int i = 0; i < rows.Rows; i++)
                inverse[tokens.Offsets[task] + i] = Sums.OfSquares(rows.Row(i)) is var squares and > 0 ? 1 / MathF.Sqrt(squares) : 0;
        }
    }

    /// <summary>One picture against those of its group before it.</summary>
    readonly struct Cosines(TokenRows tokens, float[] inverse, int pictures, double[] maps) : IWork
    {
        public void Run(int task, int worker)
        {
            (int group, int picture) = Math.DivRem(task, pictures);
            Matrix rows = tokens.Sequence(task);
            ReadOnlySpan<float> own = inverse.AsSpan(tokens.Offsets[task], rows.Rows);
            for (int other = 0; other < picture; other++)
            {
                int mate = (group * pictures) + other;
                Matrix mates = tokens.Sequence(mate);
                ReadOnlySpan<float> theirs = inverse.AsSpan(tokens.Offsets[mate], rows.Rows);
                double sum = 0;
                for (int i = 0; i < rows.Rows; i++)
                    sum += (double)Sums.OfProducts(rows.Row(i), mates.Row(i)) * own[i] * theirs[i];
                maps[(task * pictures) + other] = sum / Math.Max(1, rows.Rows);
            }
        }
    }
}
