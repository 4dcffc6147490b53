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
    public static bool IsOne(Edge sum) => Parts(sum) is { } parts && parts.Any(part => part.Is("Gather"));

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
            if (Lookup(part) is not var (table, rows))
            {
                // What an exporter has looked up already: a row for each place, or one for all.
                if (part.Last() == tokens.Last() && part.Length == part.Last() && types is null)
                    (types, onlyType) = (part, 0);
                else if (part.Last() == tokens.Last() && part.Length == part.Last() * part.Last(2) && positions is null)
                    (positions, first, longest) = (part, 0, part.Last(2));
                else
                    throw part.Expected("position embeddings");
            }
            else if (words is null && Says(rows, trial, trial.Word))
            {
                words = table;
            }
            else if (types is null && trial.Types is not null && Says(rows, trial, trial.TypeAt))
            {
                types = table;
            }
            else if (positions is null && trial.Length > 1 && Says(rows, trial, place => rows[0] + place))
            {
                (positions, first) = (table, (int)rows[0]);
                longest = Math.Min(table.Last(2) - first, trial.Fixed ? trial.Length : int.MaxValue);
            }
            else if (types is null && Says(rows, trial, _ => rows[0]))
            {
                (types, onlyType) = (table, (int)rows[0]);
            }
            else
            {
                throw part.Expected("words, positions or types, looked up for each token");
            }
        }

        return words is not null && positions is not null ? new(words, positions, first, longest, types, onlyType, norm) : throw norm.Input.Expected("words and positions, looked up and added");
    }

    static bool Says(double[] rows, TextTrial trial, Func<int, double> at) => rows.Length % trial.Length == 0 && rows.Select((row, i) => row == at(i % trial.Length)).All(same => same);

    static (Edge Table, double[] Rows)? Lookup(Edge part) =>
        part.Is("Gather") && part.Producer is { } node && node.In(0) is { IsConstant: true, Rank: 2 } table && node.Int("axis", 0) == 0 && node.In(1).Numbers is { Length: > 0 } rows ? (table, rows) : null;

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
                parts.Add(Passed(edge));
            else
                return null;
            if (parts.Count > MostParts || open.Count > MostParts)
                return null;
        }

        return parts;
    }

    // A constant that was looked up is seen at the place where that was done.
    static Edge Passed(Edge edge)
    {
        for (int steps = 0; steps < MostParts && edge.Producer is { Op: "Unsqueeze" or "Identity" or "Cast" or "Expand" or "Reshape" or "Squeeze" } node; steps++)
            if (node.In(0).Is("Gather") || node.In(0).Producer is { Op: "Unsqueeze" or "Identity" or "Cast" or "Expand" or "Reshape" or "Squeeze" })
                edge = node.In(0);
            else
                break;
        return edge;
    }
}
