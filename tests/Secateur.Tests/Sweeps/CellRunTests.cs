using Secateur.Evaluation.Accuracy;
using Secateur.Evaluation.Sweeps;

namespace Secateur.Tests.Sweeps;

public sealed class CellRunTests : IDisposable
{
    const int Pictures = 7;

    readonly TemporaryFolder folder = new();

    ResultsFolder In(string name) => new(folder[name]);

    [Fact]
    public void Pictures_that_were_mended_are_read_when_the_run_goes_on()
    {
        CellResult whole = SmallSweep.Dense(In("whole"), Pictures).Run(SweepCell.Dense);
        Assert.Throws<TooManyBadPicturesException>(() => SmallSweep.Dense(In("mended"), Pictures, 0, 3, 5).Run(SweepCell.Dense));
        CellResult mended = SmallSweep.Dense(In("mended"), Pictures).Run(SweepCell.Dense);
        Assert.Empty(mended.Bad);
        Assert.Equal(SmallSweep.Files(folder["whole"]), SmallSweep.Files(folder["mended"]));
        Assert.Equal(whole.Answers.Length, mended.Answers.Length);
    }

    [Fact]
    public void A_result_with_more_unreadable_pictures_than_are_allowed_now_is_refused()
    {
        Assert.Equal([3], SmallSweep.Dense(In("one"), Pictures, 1, 3).Run(SweepCell.Dense).Bad.Select(bad => bad.Index));
        Assert.Contains(In("one").Cell("dense", Shard.Whole), Assert.Throws<TooManyBadPicturesException>(() => SmallSweep.Dense(In("one"), Pictures, 0, 3).Run(SweepCell.Dense)).Message);
    }

    [Fact]
    public void No_plan_is_compared_with_a_dense_network_that_is_not_done()
    {
        using var stop = new CancellationTokenSource();
        CellRun run = SmallSweep.Dense(In("one"), Pictures);
        Assert.Throws<OperationCanceledException>(() => run.Run(SweepCell.Dense, new Then(stop.Cancel), stop.Token));
        Assert.True(File.Exists(In("one").DenseLogits(Shard.Whole)));
        Assert.Contains("must be measured before", Assert.Throws<InvalidDataException>(() => run.Run(SweepCell.Dense with { Name = "other" })).Message);
    }

    [Fact]
    public void What_a_kill_left_of_a_cell_that_is_done_goes()
    {
        SmallSweep.Dense(In("one"), Pictures).Run(SweepCell.Dense);
        string journal = In("one").Journal("dense", Shard.Whole);
        File.WriteAllText(journal, "left");
        SmallSweep.Dense(In("one"), Pictures).Run(SweepCell.Dense);
        Assert.False(File.Exists(journal));
    }

    [Fact]
    public void A_cell_that_is_known_obeys_what_is_allowed_now_and_leaves_no_journal()
    {
        SmallSweep.Dense(In("one"), Pictures, 1, 3).Run(SweepCell.Dense);
        string journal = In("one").Journal("dense", Shard.Whole);
        File.WriteAllText(journal, "left");
        Assert.Throws<TooManyBadPicturesException>(() => SmallSweep.Dense(In("one"), Pictures, 0, 3).Known(SweepCell.Dense));
        Assert.NotNull(SmallSweep.Dense(In("one"), Pictures, 1, 3).Known(SweepCell.Dense));
        Assert.False(File.Exists(journal));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Answers_that_are_no_numbers_are_none(float wrong)
    {
        Assert.Null(Answering.Of([wrong, wrong], [], 1));
        Assert.Null(Answering.Of([0, 1], [wrong, wrong], 1));
        Assert.NotNull(Answering.Of([0, 1], [1, 0], 1));
    }

    public void Dispose() => folder.Dispose();

    sealed class Then(Action what) : IProgress<int>
    {
        public void Report(int value) => what();
    }
}
