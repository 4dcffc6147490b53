using System.Text;

namespace Secateur.Evaluation.Datasets;

/// <summary>A line of a list: a file and what is said of it.</summary>
/// <param name="File">As it stands there; empty in a list that names no files.</param>
/// <param name="Word">The class: an index, a name or a synset; empty in a list that names files alone.</param>
/// <param name="Line">From 1.</param>
internal readonly record struct ListedPicture(string File, string Word, int Line)
{
    /// <summary>Whether it has one word and not two.</summary>
    internal bool IsAlone => File.Length == 0 || Word.Length == 0;
}

/// <summary>A list of pictures and their classes: a line "file,class" each, or with a tab or a space between them; or classes alone, a word a
/// line; or files alone. The challenge's own LOC_val_solution.csv ("id,synset box synset box ...") is one: the first synset counts.</summary>
internal static class LabelList
{
    internal const string FileName = "labels.csv";
    internal const long MostBytes = 1 << 28;

    /// <summary>Reads a list.</summary>
    /// <param name="stream">Its text, UTF-8.</param>
    /// <param name="name">What errors call it.</param>
    /// <returns>Its lines, but for empty ones; a header is among them.</returns>
    /// <exception cref="InvalidDataException">A line is something else.</exception>
    internal static List<ListedPicture> Read(Stream stream, string name)
    {
        if (stream.Length > MostBytes)
            throw TooLarge(name);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var all = new List<ListedPicture>();
        int number = 0, alone = 0;
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            if (line.Any(c => char.IsControl(c) && c != '\t') || Split(line.Trim(), number) is not { } listed)
                throw new InvalidDataException($"{name}, line {number} is '{(line.Length <= 60 ? line : line[..60] + "...")}'; expected a file, a comma, and the index, name or synset of its class (in quotes where there are commas in it).");
            alone += listed.IsAlone ? 1 : 0;
            all.Add(listed);
        }

        // A header may be one word above lines of two.
        if (alone == 1 && all.Count > 1 && all[0].IsAlone)
            all.RemoveAt(0);
        else if (alone > 0 && alone < all.Count)
            throw new InvalidDataException($"{name}, line {all.First(one => one.IsAlone != all[0].IsAlone).Line} is not like the others: every line has a file and a class, or every line has one word.");
        return all;
    }

    internal static InvalidDataException TooLarge(string name) => new($"{name} has more than {MostBytes} bytes; no list of labels has. Is it another file?");

    static ListedPicture? Split(string line, int number)
    {
        if (line.Contains('\t'))
            return line.Split('\t') is [var file, var word] ? Pair(file, word, number) : null;
        if (line.Contains(',') || line.Contains('"'))
            return Fields(line) switch { [var file, var word] => Pair(file, word, number), [var one] => Alone(one, number), _ => null };

        // Names of files and of classes may have spaces: the first one after a picture's ending divides, or else the first of all.
        int space = -1;
        foreach (string ending in PicturePaths.Endings)
            if (line.IndexOf(ending + " ", StringComparison.OrdinalIgnoreCase) is >= 0 and var at)
                space = space < 0 ? at + ending.Length : Math.Min(space, at + ending.Length);
        if (space < 0 && !PicturePaths.IsPicture(line))
            space = line.IndexOf(' ');
        return space < 0 ? Alone(line, number) : Pair(line[..space], line[space..], number);
    }

    static ListedPicture? Pair(string file, string word, int number)
    {
        (file, word) = (file.Trim().Replace('\\', '/'), word.Trim());
        while (file.StartsWith("./", StringComparison.Ordinal))
            file = file[2..];
        if (word.IndexOf(' ') is > 0 and var space && ImageNetSynsets.IsSynset(word.AsSpan(0, space)))
            word = word[..space];
        return file.Length == 0 || word.Length == 0 ? null : new(file, word, number);
    }

    static ListedPicture? Alone(string word, int number) => PicturePaths.IsPicture(word) ? Pair(word, "0", number) is { } pair ? pair with { Word = "" } : null : new("", word.Trim(), number);

    /// <summary>The fields of a line of CSV (RFC 4180); null where its quotes do not match.</summary>
    static List<string>? Fields(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
                field.Append(line[i++]);
            else if (line[i] == '"')
                quoted = !quoted;
            else if (line[i] == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
                field.Append(line[i]);
        }

        fields.Add(field.ToString());
        return quoted ? null : fields;
    }
}
