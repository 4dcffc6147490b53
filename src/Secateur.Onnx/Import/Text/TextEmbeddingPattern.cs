using Secateur.Models.Checkpoints;
using Secateur.Onnx.Import.Patterns;

namespace Secateur.Onnx.Import.Text;

/// <summary>From words to tokens: words, positions and types looked up and added, in whatever order, and a norm. Which is which is known by what is looked up.</summary>
/// <param name="Words">[vocabulary, width].</param>
/// <param name="Positions">[positions, width].</param>
/// <param name="FirstPosition">The row that a text's first token gets.</param>
/// <param name="Longest">Tokens of a text at most.</param>
/// <param name="Types">[types, width]; null where there are none.</param>
/// <param name="OnlyType">The only row of the types that is ever looked up; null where the graph is given types.</param>
/// <param name="Norm">The norm.</param>
internal sealed record TextEmbeddingPattern(Edge Words, Edge Positions, int FirstPosition, int Longest, Edge? Types, int? OnlyType, NormPattern Norm)
{
    const int MostParts = 8;

    /// <summary>Whether a sum consists of nothing but what was looked up and constants.</summary>
    public static bool IsOne(Edge sum) => Parts(sum) is { } parts && parts.Any(part => !part.IsConstant);

    /// <summary>Matches.</summary>
    /// <param name="tokens">What enters the first block.</param>
    /// <param name="trial">What the graph was tried with.</param>
    /// <exception cref="CheckpointException">An operator does not fit; it is named.</exception>
    public static TextEmbeddingPattern Of(Edge tokens, TextTrial trial)
    {
        NormPattern norm = NormPattern.Of(tokens) ?? throw tokens.Expected("the norm that ends the embedding of texts");
        Edge? words = null, positions = null, types = null;
        (int first, int longest, int? onlyType) = (0, 0, null);
        foreach (Edge part in Parts(norm.Input) ?? throw norm.Input.Expected("words, positions and types, looked up and added"))
        {
            (Edge table, int[] rows) = Lookup(part) ?? throw part.Expected("words, positions or types, looked up for each token");
            if (words is null && Says(rows, trial, trial.Word))
            {
                words = table;
            }
            else if (types is null && trial.Types is not null && Says(rows, trial, trial.TypeAt))
            {
                types = table;
            }
            else if (positions is null && trial.Length > 1 && Says(rows, trial, place => rows[0] + place))
            {
                (positions, first) = (table, rows[0]);
                longest = Math.Min((table.Length / table.Last()) - first, trial.Fixed ? trial.Length : int.MaxValue);
            }
            else if (types is null && rows.All(row => row == rows[0]))
            {
                (types, onlyType) = (table, rows[0]);
            }
            else
            {
                throw part.Expected("words, positions or types, looked up for each token");
            }
        }

        return words is not null && positions is not null ? new(words, positions, first, longest, types, onlyType, norm) : throw norm.Input.Expected("words and positions, looked up and added");
    }

    static bool Says(int[] rows, TextTrial trial, Func<int, double> at) => rows.Length % trial.Length == 0 && rows.Select((row, i) => row == at(i % trial.Length)).All(same => same);

    // Which rows of which table: looked up, cut out, or, where an exporter did so already, all of what is stored.
    static (Edge Table, int[] Rows)? Lookup(Edge part)
    {
        HeadView view = HeadView.Of(part, constants: true);
        return view.Source.IsConstant && view.Rows() is { Length: > 0 } rows ? (view.Source, rows) : null;
    }

    static List<Edge>? Parts(Edge sum)
    {
        var parts = new List<Edge>();
        var open = new Stack<Edge>([sum]);
        while (open.TryPop(out Edge? edge))
        {
            edge = edge.Skip();
            if (edge.Is("Add") && !edge.IsConstant)
                Array.ForEach(edge.Producer!.Inputs, input => open.Push(input!));
            else if (edge.IsConstant || edge.Is("Gather"))
                parts.Add(edge);
            else
                return null;
            if (parts.Count > MostParts || open.Count > MostParts)
                return null;
        }

        return parts;
    }
}
