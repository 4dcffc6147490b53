using System.Collections.Immutable;
using Secateur.Kernels;
using Secateur.Models.Checkpoints;
using Secateur.Models.Layers;
using Secateur.Models.Tokens;

namespace Secateur.Models.Vit;

/// <summary>From pictures to tokens: prefix tokens and patches, with their position embeddings, normed where the network says so.</summary>
internal sealed class VitEmbedding(float epsilon)
{
    readonly Linear projection = new();
    readonly LayerNorm norm = new(epsilon);
    float[]? classToken;
    float[]? distillationToken;
    float[]? registers;
    float[]? positions;
    Matrix patchPositions;
    float[][] prefix = [];

    public int Width => projection.Outputs;

    public int PatchSize { get; private set; }

    public int Channels { get; private set; }

    public bool HasClassToken => classToken is not null;

    public int PrefixTokens => prefix.Length;

    /// <summary>Rows and columns of the patch grid.</summary>
    public (int Rows, int Columns) Grid { get; private set; }

    /// <summary>Floats in one picture.</summary>
    public int ImageLength => Channels * Grid.Rows * Grid.Columns * PatchSize * PatchSize;

    public void Visit(WeightVisitor visitor)
    {
        projection.Visit(visitor, "patch_embed.proj", WeightVisitor.Any, WeightVisitor.Any);
        visitor.Vector("cls_token", ref classToken, [1, 1, Width], optional: true);
        visitor.Vector("dist_token", ref distillationToken, [1, 1, Width], optional: true);
        visitor.Vector("reg_token", ref registers, [1, WeightVisitor.Any, Width], optional: true);
        visitor.Vector("pos_embed", ref positions, [1, WeightVisitor.Any, Width]);
        norm.Visit(visitor, "norm_pre", Width, optional: true);
    }

    /// <summary>After loading: settles the patch size, the order of the prefix tokens, and who gets which position embedding.</summary>
    /// <param name="path">For errors.</param>
    /// <param name="patchShape">Shape of the patch projection in the checkpoint, [width, channels, patch, patch].</param>
    /// <param name="trained">Pixels the position embeddings were made for.</param>
    /// <param name="wanted">Pixels of the pictures to come; the position embeddings are resampled when they differ.</param>
    /// <param name="antialias">Whether that is done with antialiasing.</param>
    public void Settle(string path, ImmutableArray<int> patchShape, (int Height, int Width) trained, (int Height, int Width) wanted, bool antialias)
    {
        if (patchShape.Length != 4 || patchShape[2] != patchShape[3])
            throw new CheckpointException($"{path}: the weight 'patch_embed.proj.weight' has shape [{string.Join(", ", patchShape)}]; expected [width, channels, patch, patch].");
        (Channels, PatchSize) = (patchShape[1], patchShape[2]);
        if (wanted.Height % PatchSize != 0 || wanted.Width % PatchSize != 0 || wanted.Height <= 0 || wanted.Width <= 0)
            throw new ArgumentException($"Pictures of {wanted.Height} x {wanted.Width} pixels have no whole patches of {PatchSize}.");
        (int Rows, int Columns) grid = (trained.Height / PatchSize, trained.Width / PatchSize);
        Grid = (wanted.Height / PatchSize, wanted.Width / PatchSize);

        int width = Width, rows = positions!.Length / width, covered = rows - (grid.Rows * grid.Columns);
        int registerCount = (registers?.Length ?? 0) / width, count = (classToken is null ? 0 : 1) + (distillationToken is null ? 0 : 1) + registerCount;
        if (covered != 0 && covered != count && !(covered == 1 && classToken is not null))
            throw new CheckpointException($"{path}: the weight 'pos_embed' has {rows} positions; expected {grid.Rows * grid.Columns} patches of {trained.Height} x {trained.Width} pixels with or without {count} prefix tokens.");

        prefix = new float[count][];
        int next = 0;
        foreach (float[]? tokens in new[] { classToken, distillationToken, registers })
            for (int i = 0; tokens is not null && i < tokens.Length; i += width, next++)
            {
                prefix[next] = tokens[i..(i + width)];
                for (int c = 0; next < covered && c < width; c++)
                    prefix[next][c] += positions[(next * width) + c];
            }

        ReadOnlySpan<float> patches = positions.AsSpan(covered * width);
        if (grid != Grid)
            patches = PositionEmbedding.Resample(patches, width, 0, grid, Grid, antialias);
        patchPositions = Matrix.Allocate(Grid.Rows * Grid.Columns, width);
        for (int i = 0; i < patchPositions.Rows; i++)
            patches.Slice(i * width, width).CopyTo(patchPositions.Row(i));
    }

    /// <summary>The prefix tokens with their positions, [prefix, width], and what is added to every patch, [patches, width].</summary>
    public (float[] Prefix, float[] Patches) ReadPositions()
    {
        var patches = new float[patchPositions.Rows * Width];
        for (int i = 0; i < patchPositions.Rows; i++)
            patchPositions.Row(i).CopyTo(patches.AsSpan(i * Width));
        return ([.. prefix.SelectMany(token => token)], patches);
    }

    /// <summary>Fills <paramref name="tokens"/> from pictures.</summary>
    /// <param name="engine">Who computes.</param>
    /// <param name="images">[batch, channels, height, width].</param>
    /// <param name="tokens">Reset to the batch; receives prefix tokens, then patches, of each picture.</param>
    /// <param name="unfolded">Room for the patches of one picture, [patches, channels * patch * patch].</param>
    public void Run(Engine engine, ReadOnlySpan<float> images, TokenRows tokens, Matrix unfolded)
    {
        for (int i = 0; i < tokens.Sequences; i++)
        {
            Matrix rows = tokens.Sequence(i);
            for (int p = 0; p < prefix.Length; p++)
                prefix[p].CopyTo(rows.Row(p));
            Patches.Unfold(engine.Threads, images.Slice(i * ImageLength, ImageLength), Grid.Rows * PatchSize, Grid.Columns * PatchSize, PatchSize, unfolded);
            projection.Run(engine, unfolded, rows.SliceRows(prefix.Length, unfolded.Rows), residual: patchPositions);
        }

        if (norm.Exists)
            norm.Run(engine, tokens.Rows, tokens.Rows);
    }
}
