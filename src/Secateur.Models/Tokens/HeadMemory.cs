namespace Secateur.Models.Tokens;

/// <summary>What goes on about the heads of each sequence from one place to the next: scores, and who is still computed. A head of one block
/// and the head of the same index in another are taken for the same, as SpAtten does; where a block has another number of heads, all are computed.</summary>
internal sealed class HeadMemory
{
    float[] scores = [];
    bool[] active = [];
    int sequences;
    int heads;
    bool scored;
    bool pruned;

    /// <summary>Forgets everything.</summary>
    public void Reset(int count)
    {
        (sequences, heads) = (count, 0);
        scored = pruned = false;
    }

    /// <summary>Flags for a block with this many heads, [sequences * heads]; empty when all are computed.</summary>
    public ReadOnlyMemory<bool> Active(int blockHeads) => pruned && blockHeads == heads ? active.AsMemory(0, sequences * heads) : default;

    /// <summary>Flags of one sequence, [heads]; empty when all are computed.</summary>
    public ReadOnlySpan<bool> ActiveOf(int sequence, int blockHeads) => pruned && blockHeads == heads ? active.AsSpan(sequence * heads, heads) : default;

    /// <summary>What was carried for the heads of one sequence, [heads]; empty before anything was.</summary>
    public ReadOnlySpan<float> ScoresOf(int sequence, int blockHeads) => scored && blockHeads == heads ? scores.AsSpan(sequence * heads, heads) : default;

    /// <summary>How many heads of a block are computed for a sequence.</summary>
    public int CountActive(int sequence, int blockHeads) => ActiveOf(sequence, blockHeads) is { IsEmpty: false } flags ? flags.Count(true) : blockHeads;

    /// <summary>Takes over what a map says about heads.</summary>
    public void Follow(int sequence, int blockHeads, TokenMap map)
    {
        if (map.HeadScores.IsEmpty && map.Heads.IsEmpty)
            return;
        if (map.HeadScores.Length is not 0 && map.HeadScores.Length != blockHeads || map.Heads.Length is not 0 && map.Heads.Length != blockHeads)
            throw new InvalidOperationException($"A map speaks of {Math.Max(map.HeadScores.Length, map.Heads.Length)} heads; the block has {blockHeads}.");
        if (heads != blockHeads)
        {
            heads = blockHeads;
            if (scores.Length < sequences * heads)
                (scores, active) = (new float[sequences * heads], new bool[sequences * heads]);
            scores.AsSpan().Clear();
            active.AsSpan().Fill(true);
        }

        map.HeadScores.CopyTo(scores.AsSpan(sequence * heads));
        map.Heads.CopyTo(active.AsSpan(sequence * heads));
        scored |= !map.HeadScores.IsEmpty;
        pruned |= !map.Heads.IsEmpty;
    }
}
