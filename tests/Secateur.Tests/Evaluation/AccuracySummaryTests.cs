using System.Collections.Immutable;
using Secateur.Evaluation;
using Secateur.Evaluation.Accuracy;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Sweeps;

namespace Secateur.Tests.Evaluation;

public sealed class AccuracySummaryTests
{
    // Six pictures of the classes 0, 0, 1, 1, 2, 2; the last cannot be read densely, the one before it not under the plan.
    static readonly ImmutableArray<PictureEntry> Pictures = [.. Enumerable.Range(0, 6).Select(i => new PictureEntry($"{i}.jpg", i / 2))];

    static readonly CellResult Dense = Cell("dense", Answer(0, 0.9f), Answer(0, 0.6f), Answer(1, 0.8f), Answer(2, 0.5f), Answer(2, 0.7f), PictureAnswer.Bad);
    static readonly CellResult Plan = Cell("plan", Answer(0, 0.8f, 50, 0.1), Answer(1, 0.5f, 50, 0.2), Answer(2, 0.6f, 60, 0.3), Answer(1, 0.4f, 60, 0.4), PictureAnswer.Bad, Answer(2, 0.9f, 50, 9));

    [Fact]
    public void Pictures_that_either_could_not_read_are_left_out_of_both_and_counted()
    {
        AccuracySummary summary = AccuracySummary.Of(Plan, Dense, Pictures);
        Assert.Equal(4, summary.Images);
        Assert.Equal(2, summary.Bad);
        Assert.Equal(new Proportion(2, 4), summary.Top1);
        Assert.Equal(new Proportion(3, 4), summary.DenseTop1);
        Assert.Equal(new Proportion(1, 4), summary.Agreement);
        Assert.Equal(0.25, summary.Divergence.Value, 1e-12);
        Assert.Equal(55, summary.Macs);
        Assert.Equal(0, summary.SelectionMacs);
        Assert.Equal(0.55, summary.MacRatio, 1e-12);
    }

    [Fact]
    public void The_label_counts_among_the_five_likeliest()
    {
        CellResult cell = Cell("plan", new PictureAnswer([3, 0, 4, 5, 6], 0.3f, 0, 1), new PictureAnswer([3, 4, 5, 6, 7], 0.3f, 0, 1), Answer(1, 1), Answer(1, 1), Answer(2, 1), Answer(2, 1));
        AccuracySummary summary = AccuracySummary.Of(cell, cell, Pictures);
        Assert.Equal(new Proportion(4, 6), summary.Top1);
        Assert.Equal(new Proportion(5, 6), summary.Top5);
        Assert.Equal(summary.Top5, summary.DenseTop5);
    }

    [Fact]
    public void Lost_and_gained_pictures_give_the_loss_and_its_test()
    {
        AccuracySummary summary = AccuracySummary.Of(Plan, Dense, Pictures);
        Assert.Equal(PairedDifference.Of(2, 1, 4), summary.Lost);
        Assert.Equal(McNemar.Exact(2, 1), summary.McNemar);
        Assert.False(summary.Differs);
    }

    [Fact]
    public void Regressions_are_what_was_right_and_is_wrong_the_surest_first() =>
        Assert.Equal(
            [new Regression(2, "2.jpg", 1, 1, 0.8f, 2, 0.6f), new Regression(1, "1.jpg", 0, 0, 0.6f, 1, 0.5f)],
            AccuracySummary.Of(Plan, Dense, Pictures).Regressions.ToArray());

    [Fact]
    public void Classes_are_counted_apart_and_add_up()
    {
        AccuracySummary summary = AccuracySummary.Of(Plan, Dense, Pictures);
        Assert.Equal([new ClassAccuracy(0, new(2, 2), new(1, 2)), new ClassAccuracy(1, new(1, 2), new(1, 2))], summary.Classes.ToArray());
        Assert.Equal(summary.Top1!.Value.Count, summary.Classes.Sum(one => one.Plan.Count));
    }

    [Fact]
    public void Without_labels_agreement_is_the_answer_and_regressions_are_changed_answers()
    {
        AccuracySummary summary = AccuracySummary.Of(Plan, Dense, [.. Pictures.Select(picture => picture with { Label = PictureEntry.NoLabel })]);
        Assert.Null(summary.Top1);
        Assert.Null(summary.Top5);
        Assert.Null(summary.DenseTop1);
        Assert.Null(summary.Lost);
        Assert.Null(summary.McNemar);
        Assert.Empty(summary.Classes.ToArray());
        Assert.Equal(new Proportion(1, 4), summary.Agreement);
        Assert.Equal([2, 1, 3], summary.Regressions.Select(one => one.Index));
    }

    [Fact]
    public void A_network_compared_with_itself_loses_nothing()
    {
        AccuracySummary summary = AccuracySummary.Of(Dense, Dense, Pictures);
        Assert.Equal(summary.DenseTop1, summary.Top1);
        Assert.Equal(new Proportion(5, 5), summary.Agreement);
        Assert.Equal(0, summary.Lost!.Value.Value);
        Assert.InRange(0, summary.Lost.Value.Low, summary.Lost.Value.High);
        Assert.Equal(1, summary.McNemar);
        Assert.Equal(1, summary.MacRatio);
        Assert.Empty(summary.Regressions);
        Assert.False(summary.Differs);
    }

    [Fact]
    public void Answers_for_other_pictures_are_refused()
    {
        Assert.Throws<ArgumentException>(() => AccuracySummary.Of(Plan, Dense, Pictures[..5]));
        Assert.Throws<ArgumentException>(() => AccuracySummary.Of(Plan with { Range = new(0, 6, 12) }, Dense, Pictures));
        CellResult none = Cell("plan", [.. Enumerable.Repeat(PictureAnswer.Bad, 6)]);
        Assert.Throws<InvalidDataException>(() => AccuracySummary.Of(none, none, Pictures));
    }

    static PictureAnswer Answer(int top, float probability, long macs = 100, double divergence = 0) => new([top], probability, divergence, macs);

    static CellResult Cell(string name, params PictureAnswer[] answers) => new(name, "id", new(0, answers.Length, answers.Length), [.. answers], []);
}
