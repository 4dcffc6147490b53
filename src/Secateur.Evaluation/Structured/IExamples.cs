using System.Collections.Immutable;
using Secateur.Models;
using Secateur.Models.Tokens;

namespace Secateur.Evaluation.Structured;

/// <summary>Pictures or texts, with labels or without, that a network answers: one seam for calibration, comparison and timing of networks of
/// either kind. Safe to read from many threads at once.</summary>
public interface IExamples
{
    /// <summary>For people: what it is and how much of it.</summary>
    string Name { get; }

    /// <summary>What one is called: "pictures".</summary>
    string What { get; }

    /// <summary>How many.</summary>
    int Count { get; }

    /// <summary>Whether every one has a class as its label.</summary>
    bool Labelled { get; }

    /// <summary>Reads some of them, to run together.</summary>
    /// <param name="which">Indices in [0, <see cref="Count"/>).</param>
    /// <returns>Those that can be read, in this order.</returns>
    ExampleBatch Read(IEnumerable<int> which);
}

/// <summary>Examples that run together.</summary>
/// <param name="Labels">The class of each; -1 where it has none.</param>
public abstract record ExampleBatch(ImmutableArray<int> Labels)
{
    /// <summary>How many.</summary>
    public int Count => Labels.Length;

    /// <summary>Their tokens as they enter the first block.</summary>
    /// <param name="network">Of the kind that the examples were read for.</param>
    /// <returns>One sequence each.</returns>
    public abstract TokenRows Embed(Transformer network);

    /// <summary>Answers them.</summary>
    /// <param name="network">Of the kind that the examples were read for.</param>
    /// <returns>[answers, classes]; as many answers as examples but where a network labels tokens.</returns>
    public abstract float[] Run(Transformer network);
}
