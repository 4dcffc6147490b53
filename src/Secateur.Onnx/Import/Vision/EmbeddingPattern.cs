using Secateur.Models.Checkpoints;
using Secateur.Onnx.Import.Patterns;

namespace Secateur.Onnx.Import.Vision;

/// <summary>From pictures to tokens: a convolution cuts patches, learnt tokens (class, distillation, registers) stand before them, position embeddings are added,
/// in whatever order; and perhaps a norm (CLIP).</summary>
/// <param name="Patches">The convolution.</param>
/// <param name="Tokens">The tokens of a picture.</param>
/// <param name="Norm">The norm after all; null where there is none.</param>
internal sealed record EmbeddingPattern(Node Patches, IReadOnlyList<VisionToken> Tokens, NormPattern? Norm)
{
    const int Deepest = 32;

    /// <summary>Matches.</summary>
    /// <param name="tokens">What enters the first block, [batch, tokens, width].</param>
    /// <exception cref="CheckpointException">An operator does not fit; it is named.</exception>
    public static EmbeddingPattern Of(Edge tokens)
    {
        NormPattern? norm = NormPattern.Of(tokens);
        Edge before = (norm?.Input ?? tokens).Skip();
        if (before.Rank != 3)
            throw before.Expected("tokens of pictures, [batch, tokens, width]");
        Node? patches = null;
        List<VisionToken> found = Read(before, before.Last(), ref patches, 0);
        return new(patches ?? throw before.Expected("patches of pictures"), found, norm);
    }

    static List<VisionToken> Read(Edge edge, int width, ref Node? patches, int depth)
    {
        if (depth == Deepest)
            throw edge.Expected("the embedding of patches");
        if (edge.IsConstant)
            return Learnt(edge, width);
        HeadView view = HeadView.Of(edge);
        if (view.Source.Is("Conv"))
            return Cut(edge, view, ref patches);
        if (view.Source != edge)
        {
            List<VisionToken> all = Read(view.Source, width, ref patches, depth + 1);
            int[] rows = view.Rows() ?? throw edge.Expected("whole tokens");
            return [.. rows.Where(row => row < all.Count).Select(row => all[row])];
        }

        if (edge.WithConstant("Add") is var (tokens, positions))
        {
            List<VisionToken> all = Read(tokens, width, ref patches, depth + 1);
            return [.. all.Zip(Rows(positions, width, all.Count), (token, row) => token.With(row))];
        }

        if (!edge.Is("Concat") || edge.Rank != 3 || edge.Producer!.Axis(edge.Producer.Int("axis", 0), 3) != 1)
            throw edge.Expected("patches, learnt tokens before them, or position embeddings added to them");
        var parts = new List<VisionToken>();
        foreach (Edge? part in edge.Producer.Inputs)
            parts.AddRange(Read(part!, width, ref patches, depth + 1));
        return parts;
    }

    static List<VisionToken> Learnt(Edge edge, int width)
    {
        if (edge.Last() != width || edge.Rank is < 2 or > 3)
            throw edge.Expected($"learnt tokens of {width} floats");
        float[] values = edge.Floats() ?? throw edge.Expected("stored tokens");
        int count = edge.Last(2);
        return [.. Enumerable.Range(0, count).Select(i => new VisionToken(-1, values[(i * width)..((i + 1) * width)], null))];
    }

    // [batch, width, rows, columns] of the convolution became [batch, patches, width].
    static List<VisionToken> Cut(Edge edge, HeadView view, ref Node? patches)
    {
        Edge source = view.Source;
        (int width, int count) = (source.Shape!.Value[1], source.Last() * source.Last(2));
        if (view.Scale != 1 || edge.Rank != 3 || edge.Last() != width || edge.Last(2) != count || (patches is not null && patches != source.Producer))
            throw edge.Expected("the patches of one convolution, [batch, patches, width]");
        for (int i = 0; i < edge.Length; i++)
        {
            int picture = i / (width * count), patch = i / width % count, column = i % width;
            if ((view.Places?[i] ?? i) != (((picture * width) + column) * count) + patch)
                throw edge.Expected("the patches in their order, row by row");
        }

        patches = source.Producer;
        return [.. Enumerable.Range(0, count).Select(patch => new VisionToken(patch, null, null))];
    }

    static IEnumerable<float[]> Rows(Edge positions, int width, int count)
    {
        float[] values = positions.Floats() ?? throw positions.Expected("stored position embeddings");
        if (positions.Last() != width || (values.Length != width && (positions.Last(2) != count || values.Length != (long)count * width)))
            throw positions.Expected($"position embeddings of {count} tokens of {width} floats");
        return Enumerable.Range(0, count).Select(i => values.Length == width ? values : values[(i * width)..((i + 1) * width)]);
    }
}
