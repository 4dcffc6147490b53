namespace Secateur.Evaluation.Datasets;

/// <summary>Pictures, one after another, as a network takes them; with labels or without. Safe to read from many threads at once.</summary>
public interface IPictureSet
{
    /// <summary>For people: what it is and how much of it.</summary>
    string Name { get; }

    /// <summary>How many pictures.</summary>
    int Count { get; }

    /// <summary>Floats in one picture as the network's input: channels * height * width.</summary>
    int InputLength { get; }

    /// <summary>Whether every picture has a label.</summary>
    bool Labelled { get; }

    /// <summary>Reads one picture.</summary>
    /// <param name="index">In [0, <see cref="Count"/>).</param>
    /// <param name="input">Receives the normalised picture, [channels, height, width].</param>
    /// <returns>The index of its class; -1 where it has no label.</returns>
    int Read(int index, Span<float> input);
}
