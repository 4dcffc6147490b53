using System.Collections.Concurrent;
using System.Collections.Immutable;
using Secateur.Compression.Structured;
using Secateur.Kernels;
using Secateur.Models;
using Secateur.Models.Tokens;
using Secateur.Tests.Architecture;
using Secateur.Tests.Structured;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Laws;

/// <summary>What every way to score, to allocate and to correct owes, each with each.</summary>
public sealed class StructuredMethodLaws
{
    static readonly ConcurrentDictionary<string, StructuredCase> Cases = new();
    static readonly ConcurrentDictionary<(string, string), UnitScores> Scores = new();

    public static TheoryData<string, string, string, string> Everything => Product(StructuredCase.Names, Names(StructuredMethods.Scorers), Names(StructuredMethods.Allocators), Names(StructuredMethods.Correctors));

    public static TheoryData<string, string, string> ScorersAndAllocators
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (string network in StructuredCase.Names)
                foreach (string scorer in Names(StructuredMethods.Scorers))
                    foreach (string allocator in Names(StructuredMethods.Allocators))
                        data.Add(network, scorer, allocator);
            return data;
        }
    }

    public static TheoryData<string, string> Correctors => Pairs(Names(StructuredMethods.Correctors));

    public static TheoryData<string, string> Scorers => Pairs(Names(StructuredMethods.Scorers));

    [Theory]
    [MemberData(nameof(Everything))]
    public void Surgery_is_masking(string network, string scorer, string allocator, string corrector)
    {
        StructuredCase on = Case(network);
        StructurePlan plan = Plan(on, network, scorer, allocator, corrector, 0.6);
        float[] masked = on.Answers(on.Masked(plan));
        Assert.InRange(TinyNetworks.Difference(masked, on.Answers(Surgeon.Apply(on.Network, plan))), 0, 1e-5); // sums of fewer terms in another order
        Assert.NotEqual(on.Answers(on.Network), masked);
    }

    [Theory]
    [MemberData(nameof(ScorersAndAllocators))]
    public void A_plan_costs_no_more_than_its_budget(string network, string scorer, string allocator)
    {
        StructuredCase on = Case(network);
        foreach (double part in new[] { 0.9, 0.6, 0.3 })
            Assert.InRange(on.Costs.Of(Plan(on, network, scorer, allocator, "none", part)), 0, on.Budget(part));
    }

    [Theory]
    [MemberData(nameof(ScorersAndAllocators))]
    public void The_whole_budget_keeps_everything_bit_for_bit_whoever_corrects(string network, string scorer, string allocator)
    {
        StructuredCase on = Case(network);
        foreach (string corrector in Names(StructuredMethods.Correctors))
            Assert.Equal(on.Answers(on.Network), on.Answers(Surgeon.Apply(on.Network, Plan(on, network, scorer, allocator, corrector, 1))));
    }

    [Theory]
    [MemberData(nameof(Correctors))]
    public void A_correction_costs_nothing(string network, string corrector)
    {
        StructuredCase on = Case(network);
        StructurePlan plan = Plan(on, network, "magnitude", "mask-search", "none", 0.6);
        Assert.Equal(on.Costs.Of(plan), on.Costs.Of(Plan(on, network, "magnitude", "mask-search", corrector, 0.6)));
    }

    [Theory]
    [MemberData(nameof(Correctors))]
    public void Multiply_adds_that_are_counted_are_those_that_are_executed(string network, string corrector)
    {
        var counting = new MacCountingKernels();
        StructuredCase on = StructuredCase.Load(network, kernels: counting);
        Transformer pruned = Surgeon.Apply(on.Network, Plan(Case(network), network, "magnitude", "mask-search", corrector, 0.6));
        long before = counting.Macs;
        on.Answers(pruned);
        long blocks = counting.Macs - before - (on.Calibration.Batches[0].Tokens.Sequences * HeadMacs(on.Network));
        TokenRows tokens = on.Calibration.Batches[0].Tokens;
        Assert.Equal(Enumerable.Range(0, tokens.Sequences).Sum(s => StructureCosts.Macs(pruned, [tokens.Offsets[s + 1] - tokens.Offsets[s]], 0).Whole), blocks);

        long HeadMacs(Transformer whole)
        {
            // What is left of a run from after the last block on.
            var copy = new TokenRows(1, on.Calibration.Batches[1].Tokens.Count, whole.Width);
            copy.CopyFrom(on.Calibration.Batches[1].Tokens);
            long start = counting.Macs;
            whole.RunBlocks(copy, whole.Depth, new float[whole.Answers(copy) * whole.Classes]);
            return counting.Macs - start;
        }
    }

    [Theory]
    [MemberData(nameof(Scorers))]
    public void Scores_do_not_depend_on_the_number_of_threads(string network, string scorer)
    {
        using var pool = new Threads(3);
        UnitScores once = StructuredMethods.Scorers.Single(entry => entry.Name == scorer).Create().Score(StructuredCase.Load(network, Threads.Inline).Calibration);
        UnitScores again = StructuredMethods.Scorers.Single(entry => entry.Name == scorer).Create().Score(StructuredCase.Load(network, pool).Calibration);
        Assert.Equal(once.Heads, again.Heads);
        Assert.Equal(once.Neurons, again.Neurons);
        Assert.All(once.Heads.Concat(once.Neurons), row => Assert.All(row, score => Assert.True(float.IsFinite(score))));
    }

    [Theory]
    [MemberData(nameof(Correctors))]
    public void Corrections_do_not_depend_on_the_number_of_threads(string network, string corrector)
    {
        using var pool = new Threads(3);
        StructurePlan plan = Plan(Case(network), network, "magnitude", "mask-search", "none", 0.6);
        ICorrector one = StructuredMethods.Correctors.Single(entry => entry.Name == corrector).Create();
        Assert.Equal(
            StructurePlanFile.Print(one.Correct(plan, StructuredCase.Load(network, Threads.Inline).Calibration)),
            StructurePlanFile.Print(one.Correct(plan, StructuredCase.Load(network, pool).Calibration)));
    }

    [Theory]
    [MemberData(nameof(Correctors))]
    public void A_plan_from_its_file_and_a_network_from_its_folder_answer_bit_for_bit_the_same(string network, string corrector)
    {
        StructuredCase on = Case(network);
        StructurePlan plan = Plan(on, network, "magnitude", "mask-search", corrector, 0.6);
        Transformer pruned = Surgeon.Apply(on.Network, plan);
        float[] answers = on.Answers(pruned);
        Assert.Equal(answers, on.Answers(Surgeon.Apply(on.Network, StructurePlanFile.Parse(StructurePlanFile.Print(plan)))));
        using var folder = new TemporaryFolder();
        pruned.Save(folder["pruned"]);
        Assert.Equal(answers, on.Answers(StructuredCase.Open(folder["pruned"])));
    }

    [Fact]
    public void Every_method_has_a_citation_and_a_page()
    {
        foreach ((string name, string citation) in StructuredMethods.Scorers.Select(entry => (entry.Name, entry.Citation))
            .Concat(StructuredMethods.Allocators.Select(entry => (entry.Name, entry.Citation)))
            .Concat(StructuredMethods.Correctors.Select(entry => (entry.Name, entry.Citation))).Where(entry => entry.Name != "none"))
        {
            Assert.NotEmpty(citation);
            string page = Path.Combine(Repository.Root, "docs", "methods", name + ".md");
            Assert.True(File.Exists(page), $"{name} has no page docs/methods/{name}.md");
            Assert.StartsWith("# ", File.ReadAllText(page));
        }
    }

    static StructuredCase Case(string network) => Cases.GetOrAdd(network, static name => StructuredCase.Load(name));

    static StructurePlan Plan(StructuredCase on, string network, string scorer, string allocator, string corrector, double part)
    {
        UnitScores scores = Scores.GetOrAdd((network, scorer), _ => StructuredMethods.Scorers.Single(entry => entry.Name == scorer).Create().Score(on.Calibration));
        StructurePlan plan = StructuredMethods.Allocators.Single(entry => entry.Name == allocator).Create().Allocate(scores, on.Costs, on.Budget(part));
        return StructuredMethods.Correctors.Single(entry => entry.Name == corrector).Create().Correct(plan, on.Calibration);
    }

    static ImmutableArray<string> Names<T>(ImmutableArray<StructuredMethod<T>> methods) => [.. methods.Select(method => method.Name)];

    static TheoryData<string, string> Pairs(ImmutableArray<string> methods)
    {
        var data = new TheoryData<string, string>();
        foreach (string network in StructuredCase.Names)
            foreach (string method in methods)
                data.Add(network, method);
        return data;
    }

    static TheoryData<string, string, string, string> Product(params ImmutableArray<string>[] lists)
    {
        var data = new TheoryData<string, string, string, string>();
        foreach (string a in lists[0])
            foreach (string b in lists[1])
                foreach (string c in lists[2])
                    foreach (string d in lists[3])
                        data.Add(a, b, c, d);
        return data;
    }
}
