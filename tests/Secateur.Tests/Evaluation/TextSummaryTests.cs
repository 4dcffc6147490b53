using Secateur.Evaluation.Accuracy;
using Secateur.Evaluation.Datasets;

namespace Secateur.Tests.Evaluation;

public sealed class TextSummaryTests
{
    static readonly float[] Answers = [0.5f, 1.5f, 2f, 4.5f, 3f, 4f];

    [Fact]
    public void Scores_are_judged_by_their_correlation_and_compared_on_the_same_rows()
    {
        TextTable table = Table(new());
        TextSummary own = TextSummary.OfScores(Of(table, Answers)), same = TextSummary.OfScores(Of(table, Answers), Of(table, Answers));
        Assert.Equal(Correlation.Pearson([.. Answers.Select(one => (double)one)], [0, 1, 2, 3, 4, 5]), own.Pearson);
        Assert.True(own.Spearman!.Value.Value > 0.8);
        Assert.Null(own.Classes);
        Assert.Equal((0, 0, 0), (same.PearsonLost!.Value.Value, same.PearsonLost.Value.Low, same.PearsonLost.Value.High));
        Assert.Equal(0, same.Distance!.Value.Value);
        Assert.Equal(0.5, TextSummary.OfScores(Of(table, Answers), Of(table, [.. Answers.Select(one => one + 0.5f)])).Distance!.Value.Value, 1e-6);
    }

    [Fact]
    public void Two_classes_have_F1_and_Matthews_and_more_have_not()
    {
        TextTable table = Table(new() { Classes = 6 });
        Assert.Null(TextSummary.OfClasses(Of(table, new float[36])).F1);
        Assert.Equal(1, TextSummary.OfClasses(Of(table, new float[36])).Classes!.Top1!.Value.Count);
    }

    [Fact]
    public void What_cannot_be_compared_is_refused()
    {
        TextTable table = Table(new());
        Assert.Throws<InvalidDataException>(() => TextSummary.OfScores(Of(table, new float[12])));
        Assert.Throws<InvalidDataException>(() => TextSummary.OfScores(Of(table, Answers), Of(table, new float[12])));
        Assert.Contains("line 3", Assert.Throws<InvalidDataException>(() => TextSummary.OfScores(Of(table, [1, float.NaN, 1, 1, 1, 1]))).Message, StringComparison.Ordinal);
    }

    static TextAnswers Of(TextTable table, float[] logits) => new(table, [.. logits], [.. Enumerable.Repeat(4, 6)], [.. Enumerable.Repeat(100L, 6)], 0);

    static TextTable Table(TextTableOptions options)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllLines(folder["t.tsv"], ["sentence1\tsentence2\tscore", .. Enumerable.Range(0, 6).Select(i => $"a\tb\t{i}")]);
        return TextTable.Open(folder["t.tsv"], options);
    }
}
