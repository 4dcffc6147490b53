using Secateur.Models.Images;

namespace Secateur.Evaluation.Datasets;

/// <summary>Where pictures come from: a folder, an archive, a generator. The order is fixed. Safe to read from many threads at once.</summary>
public interface IPictureSource
{
    /// <summary>For people: what it is and how much of it.</summary>
    string Name { get; }

    /// <summary>How many pictures.</summary>
    int Count { get; }

    /// <summary>Whether every picture has a label.</summary>
    bool Labelled { get; }

    /// <summary>What is known of a picture without opening it.</summary>
    /// <param name="index">In [0, <see cref="Count"/>).</param>
    PictureEntry this[int index] { get; }

    /// <summary>Reads a picture.</summary>
    /// <param name="index">In [0, <see cref="Count"/>).</param>
    /// <returns>The picture.</returns>
    /// <exception cref="ImageException">It cannot be read; the message names it.</exception>
    RgbImage Load(int index);
}

/// <summary>What is known of a picture without opening it.</summary>
/// <param name="Name">Its name in its source: "n01440764/ILSVRC2012_val_00009111.JPEG"; no two have the same.</param>
/// <param name="Label">The index of its class as the network counts; -1 where it has none.</param>
public readonly record struct PictureEntry(string Name, int Label)
{
    /// <summary>How large its file is; 0 where it is none, or not known.</summary>
    public long Bytes { get; init; }

    /// <summary>What stands for the class of a picture without a label.</summary>
    public const int NoLabel = -1;
}
