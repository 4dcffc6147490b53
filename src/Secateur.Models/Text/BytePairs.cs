using System.Text;
using Secateur.Models.Checkpoints;

namespace Secateur.Models.Text;

/// <summary>Byte-level byte-pair encoding: a text is cut into words (<see cref="ByteSplit"/>), a word into its UTF-8 bytes, and of the pairs side by
/// side the one that was learnt first is merged, again and again (Sennrich et al., ACL 2016, algorithm 1; bytes: Radford et al., 2019).</summary>
internal sealed class BytePairs : IPieces
{
    const int LongestOnStack = 256;

    readonly Vocabulary vocabulary;
    readonly Dictionary<long, (int Rank, int Id)> merges = [];
    readonly int[] bytes = new int[256];
    readonly BytePairOptions options;

    /// <summary>An encoding.</summary>
    /// <param name="vocabulary">The pieces, bytes as <see cref="ByteLetters"/>.</param>
    /// <param name="merges">The pairs that merge, first learnt first.</param>
    /// <param name="options">The rest.</param>
    /// <exception cref="CheckpointException">A pair or what it makes is not in the vocabulary, or a pair is there twice.</exception>
    public BytePairs(Vocabulary vocabulary, IEnumerable<(string Left, string Right)> merges, BytePairOptions options)
    {
        (this.vocabulary, this.options) = (vocabulary, options);
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = vocabulary.Find([ByteLetters.Of((byte)i)]) ?? -1;
        foreach ((string left, string right) in merges)
        {
            long pair = Pair(vocabulary.Require(left, "of a merge, "), vocabulary.Require(right, "of a merge, "));
            if (!this.merges.TryAdd(pair, (this.merges.Count, vocabulary.Require(left + right, "what a merge makes, "))))
                throw new CheckpointException($"{vocabulary.Where}: the merge of '{Vocabulary.Short(left)}' and '{Vocabulary.Short(right)}' is there twice.");
        }
    }

    public string Normalize(string text) => text;

    public void Encode(string text, List<int> ids)
    {
        if (options.PrefixSpace && !text.StartsWith(' '))
            text = $" {text}";
        byte[] room = [];
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = ByteSplit.End(text, start);
            ReadOnlySpan<char> word = text.AsSpan(start, end - start);
            int most = Encoding.UTF8.GetMaxByteCount(word.Length);
            if (room.Length < most)
                room = new byte[Math.Max(most, LongestOnStack)];
            AddWord(room.AsSpan(0, Encoding.UTF8.GetBytes(word, room)), ids);
        }
    }

    void AddWord(ReadOnlySpan<byte> word, List<int> ids)
    {
        if (options.WholeWords && Whole(word) is { } whole)
        {
            ids.Add(whole);
            return;
        }

        foreach (int id in Merged(word))
            if (id >= 0)
                ids.Add(id);
            else if (options.Unknown is { } unknown)
                ids.Add(unknown);
    }

    int? Whole(ReadOnlySpan<byte> word)
    {
        if (word.Length > vocabulary.Longest)
            return null;
        Span<char> letters = new char[word.Length];
        for (int i = 0; i < letters.Length; i++)
            letters[i] = ByteLetters.Of(word[i]);
        return vocabulary.Find(letters);
    }

    /// <summary>The pieces of a word. A queue holds the pairs by rank, then by place, so that a long word costs n log n and no more.</summary>
    IEnumerable<int> Merged(ReadOnlySpan<byte> word)
    {
        int[] ids = new int[word.Length], next = new int[word.Length], previous = new int[word.Length];
        for (int i = 0; i < ids.Length; i++)
            (ids[i], next[i], previous[i]) = (bytes[word[i]], i + 1, i - 1);
        var queue = new PriorityQueue<(int Left, int LeftId, int RightId), (int Rank, int Place)>();
        for (int i = 0; i + 1 < ids.Length; i++)
            Offer(i);
        while (queue.TryDequeue(out (int Left, int LeftId, int RightId) pair, out _))
        {
            int left = pair.Left, right = next[left];

            // What stood there when the pair was found may be part of a longer piece by now.
            if (ids[left] != pair.LeftId || right >= ids.Length || ids[right] != pair.RightId)
                continue;
            ids[left] = merges[Pair(pair.LeftId, pair.RightId)].Id;
            ids[right] = Gone;
            next[left] = next[right];
            if (next[left] < ids.Length)
            {
                previous[next[left]] = left;
                Offer(left);
            }

            if (previous[left] >= 0)
                Offer(previous[left]);
        }

        return ids.Where(id => id != Gone);

        void Offer(int left)
        {
            int right = next[left];
            if (ids[left] >= 0 && ids[right] >= 0 && merges.TryGetValue(Pair(ids[left], ids[right]), out (int Rank, int Id) merge))
                queue.Enqueue((left, ids[left], ids[right]), (merge.Rank, left));
        }
    }

    const int Gone = -2;

    static long Pair(int left, int right) => ((long)left << 32) | (uint)right;
}
