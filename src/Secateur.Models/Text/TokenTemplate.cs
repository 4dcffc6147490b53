using System.Collections.Immutable;

namespace Secateur.Models.Text;

/// <summary>A place in a template: a special token, or all tokens of one of the two texts.</summary>
/// <param name="Text">0 for the first text, 1 for the second, -1 for special tokens.</param>
/// <param name="Ids">The special tokens' ids; empty for a text.</param>
/// <param name="Type">The type of its tokens.</param>
internal readonly record struct TemplatePart(int Text, ImmutableArray<int> Ids, int Type);

/// <summary>Where special tokens stand around one text or two.</summary>
/// <param name="Single">For one text.</param>
/// <param name="Pair">For two.</param>
internal sealed record TokenTemplate(ImmutableArray<TemplatePart> Single, ImmutableArray<TemplatePart> Pair)
{
    /// <summary>Nothing is added.</summary>
    public static TokenTemplate Plain { get; } = new([new(0, [], 0)], [new(0, [], 0), new(1, [], 1)]);

    /// <summary>One more than the largest id of a special token; 0 where there is none.</summary>
    public int Size => Single.Concat(Pair).SelectMany(part => part.Ids).Select(id => id + 1).DefaultIfEmpty().Max();

    /// <summary>[CLS] A [SEP], and [CLS] A [SEP] B [SEP] with type 1 from B on.</summary>
    public static TokenTemplate Bert(int cls, int sep) => new(
        [new(-1, [cls], 0), new(0, [], 0), new(-1, [sep], 0)],
        [new(-1, [cls], 0), new(0, [], 0), new(-1, [sep], 0), new(1, [], 1), new(-1, [sep], 1)]);

    /// <summary>&lt;s&gt; A &lt;/s&gt;, and &lt;s&gt; A &lt;/s&gt;&lt;/s&gt; B &lt;/s&gt;; RoBERTa has one type.</summary>
    public static TokenTemplate Roberta(int cls, int sep) => new(
        [new(-1, [cls], 0), new(0, [], 0), new(-1, [sep], 0)],
        [new(-1, [cls], 0), new(0, [], 0), new(-1, [sep, sep], 0), new(1, [], 0), new(-1, [sep], 0)]);

    /// <summary>Puts texts together.</summary>
    /// <param name="first">The first text's ids.</param>
    /// <param name="second">The second's; null where there is none.</param>
    /// <param name="longest">The most tokens of the result.</param>
    /// <returns>The result.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no room for the special tokens.</exception>
    public TextTokens Apply(List<int> first, List<int>? second, int longest)
    {
        ImmutableArray<TemplatePart> parts = second is null ? Single : Pair;
        int special = parts.Sum(part => part.Ids.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(longest, special);
        (int one, int two) = Cut(first.Count, second?.Count ?? 0, longest - special);
        var ids = ImmutableArray.CreateBuilder<int>(one + two + special);
        var types = ImmutableArray.CreateBuilder<int>(one + two + special);
        foreach (TemplatePart part in parts)
        {
            if (part.Text < 0)
                ids.AddRange(part.Ids);
            else
                ids.AddRange((part.Text == 0 ? first : second!).Take(part.Text == 0 ? one : two));
            while (types.Count < ids.Count)
                types.Add(part.Type);
        }

        return new(ids.ToImmutable(), types.ToImmutable());
    }

    /// <summary>Takes from the longer text until both fit; a text that is shorter than half of the room is not cut.</summary>
    static (int First, int Second) Cut(int first, int second, int room)
    {
        if ((long)first + second <= room)
            return (first, second);
        int half = room / 2;
        return first <= second
            ? first <= half ? (first, room - first) : (half, room - half)
            : second <= half ? (room - second, second) : (room - half, half);
    }
}
