using System.Collections.Immutable;
using Secateur.Compression;
using Secateur.Compression.Tokens;
using Secateur.Evaluation.Sweeps;
using Secateur.Models.Tokens;
using Secateur.Tests.Tokens;

namespace Secateur.Tests.Sweeps;

public sealed class SweepTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    ResultsFolder In(string name) => new(folder[name]);

    [Fact]
    public void The_order_of_the_cells_changes_no_byte()
    {
        SmallSweep.Run(In("one"), Shard.Whole);
        SmallSweep.Run(In("other"), Shard.Whole, order: cells => cells.Reverse());
        Assert.Equal(SmallSweep.Files(folder["one"]), SmallSweep.Files(folder["other"]));
    }

    [Fact]
    public void Cells_are_dense_then_methods_budgets_and_for_those_that_draw_seeds()
    {
        ImmutableArray<SweepCell> cells = SmallSweep.Run(In("one"), Shard.Whole, count: 1);
        Assert.Equal(["dense", "tome-0.7", "random-drop-0.7-seed0", "random-drop-0.7-seed1"], cells.Select(cell => cell.Name));
        Assert.NotEqual(File.ReadAllText(In("one").Plan(cells[2].Name)), File.ReadAllText(In("one").Plan(cells[3].Name)));
    }

    [Fact]
    public void A_plan_uses_at_most_its_budget_and_little_less()
    {
        foreach (SweepCell cell in SmallSweep.Run(In("one"), Shard.Whole, count: 1).Skip(1))
        {
            PlannedMacs macs = cell.Plan.Origin!.Macs!;
            Assert.InRange((double)macs.Plan / macs.Dense, 0.68, 0.7); // one token more in every block is less than 2%
        }
    }

    [Fact]
    public void A_folder_with_other_results_is_refused_by_what_differs()
    {
        SmallSweep.Run(In("one"), Shard.Whole, count: 2);
        Assert.Contains("pictures 2 drawn scenes", Assert.Throws<InvalidDataException>(() => SmallSweep.Run(In("one"), Shard.Whole, count: 3)).Message);
        Assert.Contains("batch 2 there, 3 here", Assert.Throws<InvalidDataException>(() => SmallSweep.Run(In("one"), Shard.Whole, count: 2, batch: 3)).Message);
    }

    [Fact]
    public void A_plan_that_no_results_speak_of_is_made_again()
    {
        SmallSweep.Run(In("one"), Shard.Whole, count: 2);
        SortedDictionary<string, string> before = SmallSweep.Files(folder["one"]);
        string plan = In("one").Plan("tome-0.7"), text = File.ReadAllText(plan);
        File.WriteAllText(plan, text.Replace("\"remove\": ", "\"remove\": 1", StringComparison.Ordinal));
        File.Delete(In("one").Manifest);
        SmallSweep.Run(In("one"), Shard.Whole, count: 2);
        Assert.Equal(before, SmallSweep.Files(folder["one"]));
    }

    [Fact]
    public void A_lost_file_of_dense_answers_is_made_again()
    {
        SmallSweep.Run(In("one"), Shard.Whole);
        SortedDictionary<string, string> before = SmallSweep.Files(folder["one"]);
        File.Delete(In("one").DenseLogits(Shard.Whole));
        SmallSweep.Run(In("one"), Shard.Whole);
        Assert.Equal(before, SmallSweep.Files(folder["one"]));
    }

    [Fact]
    public void Every_chunk_is_in_one_part()
    {
        foreach (int chunks in (int[])[0, 1, 7, 64])
            foreach (int of in (int[])[1, 2, 3, 8, 100])
                Assert.Equal(Enumerable.Range(0, chunks), Enumerable.Range(1, of).SelectMany(i => new Shard(i, of).Chunks(chunks) is var (from, to) ? Enumerable.Range(from, to - from) : []));
    }

    public static TheoryData<string> Seeded => [.. TokenMethods.All.Where(method => method.Options.Any(option => option.Name == "seed")).Select(method => method.Name)];

    [Theory]
    [MemberData(nameof(Seeded))]
    public void A_seed_changes_the_decisions_of_methods_that_draw_and_of_no_other(string method)
    {
        TokenPlan plan = TokenMethods.Get(method).DefaultPlan(12, 40);
        if (!TokenMethods.Get(method).Draws)
        {
            Assert.Contains("no effect", Assert.Throws<PlanException>(() => SweepPlans.WithSeed(plan, 1)).Message);
            return;
        }

        TokenSequences sequence = TokenSequences.Draw(1, 1, 3, 8, 41);
        IEnumerable<string> decisions = Enumerable.Range(0, 4).Select(seed => string.Join(
            ';', SweepPlans.WithSeed(plan, seed).Stages.Select(stage => string.Join(',', stage.Reducer.Reduce(sequence.View(), 9).Group.ToArray()))));
        Assert.Equal(4, decisions.Distinct().Count());
    }

    [Fact]
    public void Who_draws_can_be_told_a_seed() =>
        Assert.All(TokenMethods.All.Where(method => method.Draws), method => Assert.Contains(method.Options, option => option.Name == "seed"));

    public void Dispose() => folder.Dispose();
}
