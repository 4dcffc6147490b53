using Secateur.Onnx.Graphs;

namespace Secateur.Onnx.Export;

/// <summary>Rows and numbers of every picture by its own indices. The rows of a batch lie one picture's after the other's, so that one Gather finds those of all.</summary>
internal static class GraphRows
{
    /// <summary>Of a batch whose rows lie one after the other.</summary>
    /// <param name="graph">Where.</param>
    /// <param name="rows">[batch * tokens, width].</param>
    /// <param name="batch">Pictures.</param>
    /// <param name="tokens">Of each.</param>
    /// <param name="indices">Among the tokens of a picture, int64 [batch, kept]; of [1, kept], all pictures' own.</param>
    /// <returns>[batch * kept, width].</returns>
    public static Value Flat(OnnxGraph graph, Value rows, Dimension batch, int tokens, Value indices) =>
        graph.Gather(rows, graph.Reshape(InBatch(graph, rows, batch, tokens, indices), batch.Times(indices.Size(1))), 0);

    /// <summary>Of rows by picture.</summary>
    /// <param name="graph">Where.</param>
    /// <param name="rows">[batch, tokens, width].</param>
    /// <param name="indices">Among the tokens of a picture, int64 [batch, kept]; of [1, kept], all pictures' own.</param>
    /// <returns>[batch, kept, width].</returns>
    public static Value Of(OnnxGraph graph, Value rows, Value indices)
    {
        Dimension batch = rows.Side(0);
        if (indices.Side(0) == 1 && batch != 1)
            return graph.Gather(rows, graph.Squeeze(indices, 0), 1);
        Value flat = graph.Reshape(rows, batch.Times(rows.Size(1)), rows.Side(2));
        return graph.Gather(flat, InBatch(graph, flat, batch, rows.Size(1), indices), 0);
    }

    /// <summary>Numbers of every picture by its own indices, [batch, tokens] and int64 [batch, kept] to [batch, kept]; either may be all pictures' own, [1, ...].</summary>
    public static Value Numbers(OnnxGraph graph, Value numbers, Value indices) =>
        indices.Side(0) == 1 ? graph.Gather(numbers, graph.Squeeze(indices, 0), 1)
        : numbers.Side(0) == 1 ? graph.Gather(graph.Squeeze(numbers, 0), indices, 0)
        : graph.GatherElements(numbers, indices, 1);

    // Indices among all rows of the batch.
    static Value InBatch(OnnxGraph graph, Value rows, Dimension batch, int tokens, Value indices)
    {
        if (batch == 1)
            return indices;
        if (batch.Known)
            return graph.Add(indices, graph.Whole([.. Enumerable.Range(0, batch.Size).Select(picture => (long)picture * tokens)], batch.Size, 1));
        Value all = graph.Squeeze(graph.Slice(graph.ShapeOf(rows), 0, 0, 1), 0);
        Value starts = graph.Node("Range", ElementType.Int64, [batch], [graph.Number(0L), all, graph.Number((long)tokens)]);
        return graph.Add(indices, graph.Unsqueeze(starts, 1));
    }
}
