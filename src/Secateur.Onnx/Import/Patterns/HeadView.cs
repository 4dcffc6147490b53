using System.Collections.Immutable;

namespace Secateur.Onnx.Import.Patterns;

/// <summary>Numbers that were moved, and perhaps multiplied by a number on the way: where each came from.</summary>
/// <param name="Source">What they were before.</param>
/// <param name="Shape">Their shape now.</param>
/// <param name="Places">For each number its place in <paramref name="Source"/>; null where nothing moved.</param>
/// <param name="Scale">What they were multiplied by.</param>
internal sealed record HeadView(Edge Source, ImmutableArray<int> Shape, int[]? Places, double Scale)
{
    const int MostMoves = 64;

    /// <summary>Follows an edge back as far as numbers are only moved.</summary>
    /// <param name="edge">The edge.</param>
    /// <param name="constants">Whether into constants too.</param>
    public static HeadView Of(Edge edge, bool constants = false)
    {
        var moves = new Stack<Move>();
        double scale = 1;
        ImmutableArray<int> shape = edge.Shape ?? throw edge.Expected("something whose shape is known");
        while (edge.Producer is not null && (constants || !edge.IsConstant) && moves.Count < MostMoves)
        {
            if (Move.Of(edge) is { } move)
            {
                moves.Push(move);
                edge = edge.Producer.In(0);
            }
            else if (!edge.IsConstant && edge.Scaled() is var (other, factor))
            {
                scale *= factor;
                edge = other;
            }
            else
            {
                break;
            }
        }

        int[]? places = null;
        foreach (Move move in moves)
            if (places is not null || move.Tables is not null)
                places = move.Apply(places ?? [.. Enumerable.Range(0, edge.Length)]);
        return new(edge, shape, places, scale);
    }

    /// <summary>Columns of <see cref="Source"/>.</summary>
    public int Columns => Source.Last();

    /// <summary>Row and column in <see cref="Source"/>, whose rows are its tokens.</summary>
    public (int Row, int Column) At(int index)
    {
        int place = Places is null ? index : Places[index];
        return (place / Columns, place % Columns);
    }

    /// <summary>Takes every row as a whole: which row of <see cref="Source"/> each is; null where columns were moved or the scale is not 1.</summary>
    public int[]? Rows()
    {
        int width = Shape.Length > 0 ? Shape[^1] : 0;
        if (Scale != 1 || width != Columns || width == 0)
            return null;
        int count = (int)(Sizes.Product(Shape) / width);
        var rows = new int[count];
        for (int i = 0; i < count; i++)
        {
            rows[i] = At(i * width).Row;
            for (int c = 0; c < width; c++)
                if (At((i * width) + c) != (rows[i], c))
                    return null;
        }

        return rows;
    }
}
