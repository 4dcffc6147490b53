using Secateur.Models.Checkpoints;

namespace Secateur.Models.Text;

/// <summary>The pieces that a tokenizer knows, and their ids.</summary>
internal sealed class Vocabulary
{
    /// <summary>The most pieces, and the largest id.</summary>
    public const int Most = 1 << 21;

    /// <summary>The longest piece, in chars.</summary>
    public const int LongestPiece = 1 << 12;

    readonly Dictionary<string, int> ids;
    readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup;
    readonly Dictionary<int, string> owners = [];

    /// <summary>A vocabulary.</summary>
    /// <param name="where">The file, for errors.</param>
    /// <param name="pieces">Every piece with its id.</param>
    /// <exception cref="CheckpointException">There are none or too many, one is too long, or two share an id or a text.</exception>
    public Vocabulary(string where, IEnumerable<KeyValuePair<string, int>> pieces)
    {
        Where = where;
        ids = new(StringComparer.Ordinal);
        lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach ((string piece, int id) in pieces)
        {
            if (id is < 0 or >= Most || ids.Count >= Most)
                throw new CheckpointException($"{where}: the id of '{Short(piece)}' is {id}; expected one from 0 to {Most - 1}.");
            if (piece.Length > LongestPiece)
                throw new CheckpointException($"{where}: '{Short(piece)}' has {piece.Length} characters; expected at most {LongestPiece}.");
            if (!ids.TryAdd(piece, id))
                throw new CheckpointException($"{where}: '{Short(piece)}' is there twice, with the ids {ids[piece]} and {id}.");
            if (!owners.TryAdd(id, piece))
                throw new CheckpointException($"{where}: '{Short(owners[id])}' and '{Short(piece)}' have the same id, {id}.");
            Size = Math.Max(Size, id + 1);
            Longest = Math.Max(Longest, piece.Length);
        }

        if (ids.Count == 0)
            throw new CheckpointException($"{where}: the vocabulary is empty.");
    }

    /// <summary>The file, for errors.</summary>
    public string Where { get; }

    /// <summary>One more than the largest id.</summary>
    public int Size { get; }

    /// <summary>Chars of the longest piece.</summary>
    public int Longest { get; }

    /// <summary>A piece's id, or null.</summary>
    public int? Find(ReadOnlySpan<char> piece) => lookup.TryGetValue(piece, out int id) ? id : null;

    /// <summary>Whether a piece has this id.</summary>
    public bool IsTaken(int id) => owners.ContainsKey(id);

    /// <summary>The id of a piece that must be there.</summary>
    /// <exception cref="CheckpointException">It is not.</exception>
    public int Require(string piece, string what) => Find(piece) ?? throw new CheckpointException($"{Where}: {what} '{Short(piece)}' is not in the vocabulary.");

    /// <summary>Text for an error.</summary>
    public static string Short(string text) => text.Length > 40 ? $"{text.AsSpan(0, 40)}..." : text;
}
