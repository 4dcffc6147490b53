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
