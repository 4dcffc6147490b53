namespace Secateur.Evaluation.Sweeps;

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

    /// <summary>Which pictures are this part's.</summary>
    /// <param name="count">All pictures.</param>
    /// <param name="batch">Pictures in a chunk.</param>
    public PictureRange Pictures(int count, int batch)
    {
        (int from, int to) = Chunks((int)(((long)count + batch - 1) / batch));
        return new((int)Math.Min((long)from * batch, count), (int)Math.Min((long)to * batch, count), count);
    }

    /// <summary>Whether it is all of the work.</summary>
    public bool IsWhole => Of == 1;

    /// <summary>"2-of-8": in names of files.</summary>
    public override string ToString() => $"{Index}-of-{Of}";
}
