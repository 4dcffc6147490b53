using System.Collections.Immutable;

namespace Secateur.Evaluation.Datasets;

/// <summary>Which columns of a table are meant, and what its labels are.</summary>
public sealed record TextTableOptions
{
    /// <summary>The column of the first text: its name in the header, or its number from 1 in a table without one; null to recognise it.</summary>
    public string? TextColumn { get; init; }

    /// <summary>The column of the second text; null to recognise it, or for none where <see cref="TextColumn"/> is given.</summary>
    public string? PairColumn { get; init; }

    /// <summary>The column of the labels; null to recognise it; "none" to go without labels.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>How many classes the network knows; 0 where labels are scores.</summary>
    public int Classes { get; init; }

    /// <summary>Names of those classes, by index; empty where they are not known.</summary>
    public ImmutableArray<string> ClassNames { get; init; } = [];

    /// <summary>Whether somebody gave <see cref="ClassNames"/> for this table, so that its words mean nothing else.</summary>
    public bool NamesAreGiven { get; init; }

    /// <summary>Told what was understood that could have been meant otherwise.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>What stands for no labels.</summary>
    public const string NoLabels = "none";
}
