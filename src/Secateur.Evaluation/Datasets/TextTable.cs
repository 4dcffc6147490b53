using System.Collections.Immutable;
using System.Globalization;
using Secateur.Models.Bert;
using Secateur.Models.Text;

namespace Secateur.Evaluation.Datasets;

/// <summary>Texts and their labels from a file with tabs between its columns, as the tasks of GLUE have them (Wang et al., ICLR 2019). Quotes are
/// characters like any other. Rows keep their order.</summary>
public sealed class TextTable
{
    const long MostBytes = 1L << 30;

    TextTable(string path, ImmutableArray<TextRow> rows, ImmutableArray<BadRow> bad, bool labelled) =>
        (Path, Rows, Bad, Labelled) = (path, rows, bad, labelled);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>For people: what it is and how much of it.</summary>
    public string Name => $"{Rows.Length} texts of {System.IO.Path.GetFileName(Path)}";

    /// <summary>The rows that can be used.</summary>
    public ImmutableArray<TextRow> Rows { get; }

    /// <summary>The rows that cannot: a column is missing, or the label is.</summary>
    public ImmutableArray<BadRow> Bad { get; }

    /// <summary>Whether every row of <see cref="Rows"/> has a label.</summary>
    public bool Labelled { get; }

    /// <summary>Reads a table.</summary>
    /// <param name="path">The file, UTF-8.</param>
    /// <param name="options">Which columns, and what the labels are; default: recognised columns, labels as scores.</param>
    /// <returns>Its rows.</returns>
    /// <exception cref="InvalidDataException">It has no rows, its columns are not known, or its labels are no classes of the network.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static TextTable Open(string path, TextTableOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        options ??= new();
        var file = new FileInfo(path);
        if (file.Length > MostBytes)
            throw new InvalidDataException($"{path} has {file.Length} bytes; a table of texts has at most {MostBytes}.");
        string[] lines = File.ReadAllText(path).Split('\n');
        if (lines[0].Length == 0)
            throw new InvalidDataException($"{path}: the first line is empty; expected the names of the columns, with tabs between them.");
        TextColumns columns = TextColumns.Find(Fields(lines[0]), options, path);
        var rows = new List<(TextRow Row, string Word)>();
        var bad = new List<BadRow>();
        for (int i = columns.HasHeader ? 1 : 0; i < lines.Length; i++)
        {
            string[] fields = Fields(lines[i]);
            if (fields is [""])
                continue;
            string where = $"{path}, line {i + 1}";
            string word = columns.Label >= 0 && columns.Label < fields.Length ? fields[columns.Label].Trim() : "";
            if (fields.Length < columns.Needed)
                bad.Add(new(i + 1, $"{where}: there are {fields.Length} columns; expected {columns.Needed} at least"));
            else if (columns.Label >= 0 && word is "" or "-")
                bad.Add(new(i + 1, $"{where}: there is no label"));
            else if (columns.Label >= 0 && options.Classes == 0 && !IsScore(word))
                bad.Add(new(i + 1, $"{where}: the label is '{Short(word)}'; expected a number"));
            else
                rows.Add((new(i + 1, fields[columns.Text], columns.Pair >= 0 ? fields[columns.Pair] : null, double.NaN), word));
        }

        if (rows.Count == 0)
            throw new InvalidDataException($"{path}: there is no row that can be used{(bad.Count > 0 ? $"; {bad[0].Why}" : "")}.");
        double[]? labels = columns.Label < 0 ? null : Labels([.. rows.Select(row => (row.Row.Line, row.Word))], options, path);
        if (labels is null)
            options.Notice?.Invoke($"{path}: the texts have no labels{(options.LabelColumn is null ? "; the column of labels can be named with --label-column NAME" : "")}.");
        return new(path, [.. rows.Select((row, i) => row.Row with { Label = labels?[i] ?? double.NaN })], [.. bad], labels is not null);
    }

    /// <summary>Some rows, evenly spread over the table.</summary>
    /// <param name="count">How many; all where there are fewer.</param>
    /// <returns>Their indices in <see cref="Rows"/>, rising; the same for the same table and count.</returns>
    public ImmutableArray<int> Spread(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int taken = Math.Min(count, Rows.Length);
        return [.. Enumerable.Range(0, taken).Select(i => (int)((long)i * Rows.Length / taken))];
    }

    /// <summary>Encodes some rows.</summary>
    /// <param name="rows">Indices in <see cref="Rows"/>.</param>
    /// <param name="tokenizer">The network's.</param>
    /// <param name="longest">The most tokens of a text.</param>
    /// <returns>As many texts, in that order.</returns>
    public IReadOnlyList<TextTokens> Encode(IEnumerable<int> rows, ITokenizer tokenizer, int longest)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return [.. rows.Select(row => Rows[row].Encode(tokenizer, longest))];
    }

    /// <summary>Makes sure that a network can read what a tokenizer makes of this table.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="network">The network.</param>
    /// <exception cref="InvalidDataException">It has ids that the network does not know, or the network's texts are too short for its special tokens.</exception>
    public void RequireFit(ITokenizer tokenizer, TextTransformer network)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(network);
        if (tokenizer.Size > network.Vocabulary)
            throw new InvalidDataException($"The tokenizer has ids up to {tokenizer.Size - 1}, and {network.Architecture} knows {network.Vocabulary} tokens; it belongs to another network.");
        int special = tokenizer.Encode("", Rows.Any(row => row.Pair is not null) ? "" : null).Ids.Length;
        if (special >= network.Config.LongestText)
            throw new InvalidDataException($"{network.Architecture} reads {network.Config.LongestText} tokens at most, and the tokenizer puts {special} special ones around a text, so that there is no room for it; check max_seq_length in sentence_bert_config.json and max_position_embeddings in config.json.");
    }

    internal static string Short(string text) => text.Length > 40 ? $"{text.AsSpan(0, 40)}..." : text;

    /// <summary>A number for each row; null where the table is a test set whose labels are kept back (-1 everywhere).</summary>
    static double[]? Labels((int Line, string Word)[] said, TextTableOptions options, string path)
    {
        if (said.All(one => one.Word == "-1"))
            return null;
        if (options.Classes == 0)
            return [.. said.Select(one => double.Parse(one.Word, NumberStyles.Float, CultureInfo.InvariantCulture))];
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach ((int line, string word) in said)
            lines.TryAdd(word, line);
        IReadOnlyDictionary<string, int> classes = new ClassMatcher(options.Classes, options.ClassNames, options.NamesAreGiven).OfList(lines, path);
        return [.. said.Select(one => (double)classes[one.Word])];
    }

    static bool IsScore(string word) => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double score) && double.IsFinite(score);

    static string[] Fields(string line) => line.TrimEnd('\r').Split('\t');
}
