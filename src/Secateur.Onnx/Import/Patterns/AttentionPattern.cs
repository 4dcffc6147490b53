namespace Secateur.Onnx.Import.Patterns;

/// <summary>Some columns of a product: rows of its weight.</summary>
/// <param name="Product">The product.</param>
/// <param name="Columns">Which columns, in order.</param>
internal sealed record ColumnsOf(LinearPattern Product, int[] Columns);

/// <summary>softmax(scale q k^T + mask) v for each head, however heads are cut out of the products and put together again, and wherever the scale is.</summary>
/// <param name="Input">What queries, keys and values are products of.</param>
/// <param name="Query">Where the queries of all heads come from.</param>
/// <param name="Key">The keys.</param>
/// <param name="Value">The values.</param>
/// <param name="Heads">Number of heads.</param>
/// <param name="HeadDim">Columns of a head.</param>
/// <param name="Scale">What the products of queries and keys are multiplied by.</param>
/// <param name="Masks">What else was done to these products.</param>
internal sealed record AttentionPattern(Edge Input, ColumnsOf Query, ColumnsOf Key, ColumnsOf Value, int Heads, int HeadDim, double Scale, IReadOnlyList<MaskPattern> Masks)
{
    /// <summary>Whether an edge is made by moving what a product of two things that are both computed gives.</summary>
    public static bool Ends(Edge mixed) => HeadView.Of(mixed).Source.Two("MatMul") is not null;

    /// <summary>Matches.</summary>
    /// <param name="mixed">What the heads answer, side by side, [batch, tokens, heads * columns of a head].</param>
    /// <exception cref="Models.Checkpoints.CheckpointException">An operator does not fit; it is named.</exception>
    public static AttentionPattern Of(Edge mixed)
    {
        HeadView merged = HeadView.Of(mixed);
        Edge product = merged.Source;
        HeadView v = HeadView.Of(product.Producer!.In(1));
        Edge weights = Weights(product.Producer.In(0));
        if (!weights.Is("Softmax") || weights.Producer!.Axis(weights.Producer.Int("axis", weights.Producer.Opset < 13 ? 1 : -1), weights.Rank) != weights.Rank - 1)
            throw weights.Expected("the softmax of attention, over the keys of each query");
        var masks = new List<MaskPattern>();
        (Edge scores, double scale) = Scores(weights.Producer.In(0), masks);
        (HeadView q, HeadView k) = (HeadView.Of(scores.Producer!.In(0)), HeadView.Of(scores.Producer.In(1)));
        ColumnsOf query = Columns(q), key = Columns(k), value = Columns(v);
        Edge input = query.Product.Input.Skip();
        foreach (ColumnsOf other in (ColumnsOf[])[key, value])
            if (other.Product.Input.Skip() != input)
                throw other.Product.Input.Expected($"{input}, of which the queries of this attention are products too");

        (int tokens, int headDim) = (q.Shape[^2], q.Shape[^1]);
        int rows = q.Source.Length / q.Columns, batch = tokens == 0 ? 0 : rows / tokens, all = batch * tokens * headDim;
        int heads = all == 0 ? 0 : (int)(Sizes.Product(q.Shape) / all);
        if (heads == 0 || batch * tokens != rows || (long)heads * all != Sizes.Product(q.Shape) || !Same(k, q, headDim, tokens) || !Same(v, q, tokens, headDim) || v.Scale != 1 || merged.Scale != 1)
            throw product.Expected("attention: queries, keys and values of the same tokens, heads and columns");
        var cut = new HeadCut(batch, heads, tokens, headDim);
        if (cut.Columns(q, turned: false) is not { } queries || cut.Columns(k, turned: true) is not { } keys || cut.Columns(v, turned: false) is not { } values)
            throw scores.Expected("heads that are columns of queries, keys and values, the same for every token");
        if (!cut.Merges(merged))
            throw mixed.Expected("the heads of attention side by side, in their order");
        return new(input, query with { Columns = queries }, key with { Columns = keys }, value with { Columns = values }, heads, headDim, scale * q.Scale * k.Scale, masks);
    }

    static bool Same(HeadView view, HeadView query, int second, int last) =>
        view.Shape[^2] == second && view.Shape[^1] == last && Sizes.Product(view.Shape) == Sizes.Product(query.Shape) && view.Source.Length / view.Columns == query.Source.Length / query.Columns;

    static ColumnsOf Columns(HeadView view) =>
        new(LinearPattern.Of(view.Source) ?? throw view.Source.Expected("the product of tokens and a stored weight that queries, keys or values are"), []);

    // PyTorch turns rows that are no numbers, which have no key to look at, into zeros.
    static Edge Weights(Edge edge)
    {
        edge = edge.Skip();
        return edge.Producer is { Op: "Where", Inputs: [{ } asked, { Number: 0 }, { } weights] } && asked.Is("IsNaN") && asked.Producer!.In(0).Skip() == weights.Skip() ? weights.Skip() : edge;
    }

    static (Edge Scores, double Scale) Scores(Edge edge, List<MaskPattern> masks)
    {
        double scale = 1;
        for (int steps = 0; steps < 16; steps++)
        {
            edge = edge.Skip();
            if (edge.Two("MatMul") is not null)
                return (edge, scale);
            if (edge.Scaled() is var (other, factor))
                (edge, scale) = (other, scale * factor);
            else if (MaskPattern.Of(edge) is { } mask)
            {
                masks.Add(mask);
                edge = mask.Scores;
            }
            else
                break;
        }

        throw edge.Expected("the product of queries and keys");
    }
}
