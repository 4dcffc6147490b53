using System.Collections.Immutable;
using Secateur.Evaluation.Datasets;

namespace Secateur.Evaluation.Accuracy;

/// <summary>What a network answered about every row of a table.</summary>
/// <param name="Table">The table.</param>
/// <param name="Logits">Raw answers, [rows, classes].</param>
/// <param name="Tokens">Tokens of each row as they ran, [rows].</param>
/// <param name="Macs">Multiply-adds that were executed for each row, [rows].</param>
/// <param name="Cut">How many texts had more tokens than the network takes.</param>
public sealed record TextAnswers(TextTable Table, ImmutableArray<float> Logits, ImmutableArray<int> Tokens, ImmutableArray<long> Macs, int Cut)
{
    /// <summary>Columns of <see cref="Logits"/>.</summary>
    public int Classes => Logits.Length / Math.Max(1, Tokens.Length);

    /// <summary>The raw answers about a row, [classes].</summary>
    /// <param name="row">In [0, rows).</param>
    public ReadOnlySpan<float> Of(int row) => Logits.AsSpan().Slice(row * Classes, Classes);
}
