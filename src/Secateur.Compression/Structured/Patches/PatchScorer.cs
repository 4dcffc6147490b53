using Secateur.Compression.Structured.Score.Optin;
using Secateur.Models.Vit;

namespace Secateur.Compression.Structured.Patches;

/// <summary>How a <see cref="PatchScorer"/> looks.</summary>
public sealed record PatchScorerOptions
{
    /// <summary>How the two losses are put together, as for heads and neurons.</summary>
    public OptinOptions Optin { get; init; } = new();

    /// <summary>Every how many blocks are scored; those between are interpolated.</summary>
    public int BlockStep { get; init; } = 1;

    /// <summary>Every how many rows and columns of patches are scored; those between are interpolated.</summary>
    public int PatchStep { get; init; } = 1;
}

/// <summary>How much the patch of each place matters (Khaki and Plataniotis, "The Need for Speed: Pruning Transformers with One Recipe", ICLR 2024):
/// without it before a block, how far do the later blocks and the answers move? I = sum over later blocks of L_MD + lambda * L_KD.</summary>
/// <param name="options">Null for the defaults.</param>
public sealed class PatchScorer(PatchScorerOptions? options = null)
{
    /// <summary>Sequences that run together, about.</summary>
    const int Sequences = 64;

    readonly PatchScorerOptions options = options ?? new();

    /// <summary>Scores every place. Deterministic: the same calibration gives the same scores, whatever the number of threads.</summary>
    /// <param name="calibration">A vision transformer and batches of two pictures at least: one alone lies to no other.</param>
    /// <param name="progress">Told the part that is done, in [0, 1]; default: nobody.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The scores, not below 0; prefix tokens have none, since they are never removed.</returns>
    /// <exception cref="ArgumentException">The network is not one of pictures, or there is no batch of two.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public PatchScores Score(Calibration calibration, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        if (calibration.Network is not VisionTransformer network)
            throw new ArgumentException($"{calibration.Network.Architecture} has no patches; only networks of pictures do.", nameof(calibration));
        CalibrationBatch[] batches = [.. calibration.Batches.Where(batch => batch.Tokens.Sequences > 1)];
        if (batches.Length == 0)
            throw new ArgumentException("Patches are scored by how pictures lie to each other: calibrate with two pictures at least.", nameof(calibration));
        int[] blocks = Interpolation.Samples(1, network.Depth - 1, options.BlockStep), places = Places(network);
        double total = (double)batches.Length * blocks.Length * places.Length;
        int done = 0;
        var losses = new UnitLoss[network.Depth][];
        Array.Fill(losses, []);
        foreach (int block in blocks)
            losses[block] = new UnitLoss[network.PatchTokens];
        foreach (CalibrationBatch batch in batches)
        {
            var run = new PatchRun(network, batch.Tokens, options.Optin, cancellation);
            foreach (int block in blocks)
                foreach (int[] together in places.Chunk(Math.Max(1, Sequences / batch.Tokens.Sequences)))
                {
                    UnitLoss[] moved = run.Without(block, together);
                    for (int i = 0; i < together.Length; i++)
                        losses[block][together[i]] = new(losses[block][together[i]].Manifold + moved[i].Manifold, losses[block][together[i]].Answer + moved[i].Answer);
                    progress?.Report((done += together.Length) / total);
                }
        }

        double factor = OptinImportance.Factor(losses.SelectMany(block => block), options.Optin);
        float[][] scores = [.. losses.Select(block => block.Select(patch => (float)(patch.Manifold + (factor * patch.Answer))).ToArray())];
        return new(Interpolation.Fill(scores, blocks, network.Grid, options.PatchStep));
    }

    /// <summary>The patches that are looked at.</summary>
    int[] Places(VisionTransformer network)
    {
        (int rows, int columns) = network.Grid;
        return [.. Interpolation.Samples(0, rows - 1, options.PatchStep).SelectMany(row => Interpolation.Samples(0, columns - 1, options.PatchStep).Select(column => (row * columns) + column))];
    }
}
