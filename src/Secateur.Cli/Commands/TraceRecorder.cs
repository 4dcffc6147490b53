using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;

namespace Secateur.Cli.Commands;

/// <summary>Keeps what a run does to its tokens: the tokens after the embedding and after every block, and every decision.</summary>
/// <remarks>A tensor has the pictures as its first dimension where all of them have the same number of tokens; otherwise every picture
/// has its own, named <c>...image{b}...</c>.</remarks>
/// <param name="plan">The plan that runs.</param>
internal sealed class TraceRecorder(TokenPlan plan) : RunObserver
{
    /// <summary>What happened to the tokens of one picture at one place.</summary>
    readonly record struct Snapshot(int Count, int Width, float[] Tokens, float[] Sizes);

    readonly List<(string Prefix, List<Snapshot> Images)> places = [];
    readonly List<(int Stage, int Image, TokenMap Map)> maps = [];
    readonly List<TokenMap> sources = [];
    int first;

    /// <summary>The pictures that follow come after these.</summary>
    /// <param name="images">How many ran so far.</param>
    public void Continue(int images) => first = images;

    /// <inheritdoc/>
    public override void OnEmbedding(TokenRows tokens)
    {
        Record("", tokens);
        for (int s = 0; s < tokens.Sequences; s++)
            sources.Add(TokenMap.Identity(tokens.Offsets[s + 1] - tokens.Offsets[s]));
    }

    /// <inheritdoc/>
    public override void OnBlock(int block, TokenRows tokens) => Record($"block{block}.", tokens);

    /// <inheritdoc/>
    public override void OnMap(int stage, int sequence, TokenMap map)
    {
        maps.Add((stage, first + sequence, map));
        sources[first + sequence] = sources[first + sequence].Then(map);
    }

    /// <summary>Everything, ready to be written.</summary>
    public IEnumerable<OutputTensor> Tensors()
    {
        foreach ((string prefix, List<Snapshot> images) in places)
        {
            string name = prefix.Length == 0 ? "tokens_after_embedding" : prefix + "tokens";
            bool merged = images.Any(image => image.Sizes.AsSpan().ContainsAnyExcept(1f));
            if (images.All(image => image.Count == images[0].Count))
            {
                yield return OutputTensor.Of(name, [images.Count, images[0].Count, images[0].Width], Join(images.Select(image => image.Tokens)));
                if (merged)
                    yield return OutputTensor.Of(prefix + "sizes", [images.Count, images[0].Count], Join(images.Select(image => image.Sizes)));
                continue;
            }

            for (int b = 0; b < images.Count; b++)
            {
                yield return OutputTensor.Of($"{prefix}image{b}.tokens", [images[b].Count, images[b].Width], images[b].Tokens);
                if (merged)
                    yield return OutputTensor.Of($"{prefix}image{b}.sizes", [images[b].Count], images[b].Sizes);
            }
        }

        foreach ((int stage, int image, TokenMap map) in maps)
        {
            string name = $"stage{stage}.block{plan.Stages[stage].Block}.image{image}";
            yield return OutputTensor.Of(name + ".group", [map.Group.Length], Wide(map.Group));
            if (Kept(map) is { } kept)
                yield return OutputTensor.Of(name + ".kept", [kept.Length], Wide(kept));
        }

        if (maps.Count > 0)
            yield return OutputTensor.Of("source_of_each_input_token", [sources.Count, sources[0].Group.Length], Join(sources.Select(map => Wide(map.Group))));
    }

    void Record(string prefix, TokenRows tokens)
    {
        List<Snapshot>? images = places.Find(place => place.Prefix == prefix).Images;
        if (images is null)
            places.Add((prefix, images = []));
        for (int s = 0; s < tokens.Sequences; s++)
        {
            var rows = tokens.Sequence(s);
            var copy = new float[rows.Rows * rows.Columns];
            for (int i = 0; i < rows.Rows; i++)
                rows.Row(i).CopyTo(copy.AsSpan(i * rows.Columns));
            images.Add(new(rows.Rows, rows.Columns, copy, tokens.SizesOf(s).ToArray()));
        }
    }

    /// <summary>The token that each group consists of; null when some group has several.</summary>
    static int[]? Kept(TokenMap map)
    {
        var kept = new int[map.Count];
        Array.Fill(kept, TokenMap.Dropped);
        for (int i = 0; i < map.Group.Length; i++)
        {
            if (map.Group[i] is var group && group == TokenMap.Dropped)
                continue;
            if (kept[group] != TokenMap.Dropped)
                return null;
            kept[group] = i;
        }

        return kept;
    }

    static long[] Wide(ReadOnlySpan<int> values)
    {
        var wide = new long[values.Length];
        for (int i = 0; i < values.Length; i++)
            wide[i] = values[i];
        return wide;
    }

    static T[] Join<T>(IEnumerable<T[]> parts) => [.. parts.SelectMany(part => part)];
}
