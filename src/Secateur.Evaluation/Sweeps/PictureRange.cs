namespace Secateur.Evaluation.Sweeps;

/// <summary>Pictures that follow one another: all of a set, or one machine's part of it.</summary>
/// <param name="From">The first.</param>
/// <param name="To">One after the last.</param>
/// <param name="Of">Pictures of the whole set.</param>
public readonly record struct PictureRange(int From, int To, int Of)
{
    /// <summary>How many pictures.</summary>
    public int Count => To - From;

    /// <summary>Whether it is the whole set.</summary>
    public bool IsWhole => From == 0 && To == Of;
}

/// <summary>One machine's part of the work. Parts are whole chunks of pictures, so that no result depends on how the work was divided.</summary>
/// <param name="Index">Which part, from 1.</param>
/// <param name="Of">How many parts.</param>
public readonly record struct Shard(int Index, int Of)
{
    /// <summary>All of the work.</summary>
    public static Shard Whole { get; } = new(1, 1);

    /// <summary>Which chunks are this part's.</summary>
    /// <param name="chunks">All chunks.</param>
    /// <returns>The first, and one after the last; the same where there are more parts than chunks.</returns>
    public (int From, int To) Chunks(int chunks) => ((int)((long)chunks * (Index - 1) / Of), (int)((long)chunks * Index / Of));

    /// <summary>"2-of-8": in names of files.</summary>
    public override string ToString() => $"{Index}-of-{Of}";
}
