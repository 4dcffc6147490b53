using System.Collections.Immutable;
using Secateur.Compression.Tokens;
using Secateur.Kernels;
using Secateur.Models.Tokens;
using Secateur.Tests.Architecture;
using Secateur.Tests.Tokens;

namespace Secateur.Tests.Laws;

/// <summary>What every token method of the catalogue owes, under its own default plan and at any count.</summary>
public sealed class TokenMethodLaws
{
    const int Patches = 40;

    public static TheoryData<string, int> MethodsAndPrefixes
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (TokenMethod method in TokenMethods.All)
                foreach (int prefix in new[] { 0, 1, 2, 5 })
                    data.Add(method.Name, prefix);
            return data;
        }
    }

    public static TheoryData<string> Methods => [.. TokenMethods.All.Select(method => method.Name)];

    static ImmutableArray<TokenStage> Stages(string method) => TokenMethods.Get(method).DefaultPlan(12, Patches).Stages;

    static TokenSequences Draw(int prefix, int seed = 1) => TokenSequences.Draw(seed, prefix, 3, 8, prefix + Patches);

    [Theory]
    [MemberData(nameof(MethodsAndPrefixes))]
    public void Prefix_tokens_survive_alone_and_first_whatever_goes(string method, int prefix)
    {
        TokenSequences sequence = Draw(prefix);
        foreach (TokenStage stage in Stages(method))
            foreach (int remove in new[] { 1, 3, 17, Patches - 1, Patches })
            {
                TokenMap map = stage.Reducer.Reduce(sequence.View(), remove);
                for (int i = 0; i < map.Group.Length; i++)
                    Assert.True(i < prefix ? map.Group[i] == i : map.Group[i] == TokenMap.Dropped || map.Group[i] >= prefix, $"token {i} of {remove}");
            }
    }

    [Theory]
    [MemberData(nameof(MethodsAndPrefixes))]
    public void Removing_nothing_is_the_identity(string method, int prefix)
    {
        foreach (TokenStage stage in Stages(method))
            Assert.True(stage.Reducer.Reduce(Draw(prefix).View(), 0).IsIdentity);
    }

    [Theory]
    [MemberData(nameof(MethodsAndPrefixes))]
    public void At_most_as_many_go_as_are_asked_for(string method, int prefix)
    {
        TokenSequences sequence = Draw(prefix);
        foreach (TokenStage stage in Stages(method))
            for (int remove = 0; remove <= Patches; remove++)
                Assert.InRange(stage.Reducer.Reduce(sequence.View(), remove).Count, prefix + Patches - remove, prefix + Patches);
    }

    [Theory]
    [MemberData(nameof(MethodsAndPrefixes))]
    public void Mass_is_conserved_or_the_method_says_that_it_drops(string method, int prefix)
    {
        TokenSequences sequence = Draw(prefix);
        int tokens = prefix + Patches;
        foreach (TokenStage stage in Stages(method))
        {
            TokenMap map = stage.Reducer.Reduce(sequence.View(), 13);
            var sizes = new float[map.Count];
            map.Apply(sequence.Tokens, sequence.View().Sizes, Matrix.Allocate(map.Count, sequence.Tokens.Columns), sizes);
            if (TokenMethods.Get(method).Drops)
                Assert.InRange(sizes.Sum(), map.Count > 0 ? float.Epsilon : 0, tokens);
            else
                Assert.Equal(tokens, sizes.Sum(), 1e-3f); // sizes are whole; a sum of shares may be rounded
        }
    }

    [Theory]
    [MemberData(nameof(MethodsAndPrefixes))]
    public void The_same_view_gives_the_same_map_on_any_number_of_threads(string method, int prefix)
    {
        using var pool = new Threads(3);
        foreach (TokenStage stage in Stages(method))
        {
            TokenSequences sequence = Draw(prefix);
            int[] once = stage.Reducer.Reduce(sequence.View(), 13).Group.ToArray();
            Assert.Equal(once, stage.Reducer.Reduce(sequence.View(), 13).Group.ToArray());
            Assert.Equal(once, stage.Reducer.Reduce(sequence.View() with { Threads = pool }, 13).Group.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(MethodsAndPrefixes))]
    public void A_sequence_does_not_depend_on_its_batch_mates(string method, int prefix)
    {
        var batch = TokenSequences.Draw(5, prefix, 3, 8, prefix + 21, prefix + Patches, prefix + 33);
        foreach (TokenStage stage in Stages(method))
            for (int s = 0; s < 3; s++)
                Assert.Equal(stage.Reducer.Reduce(batch.Alone(s).View(), 9).Group.ToArray(), stage.Reducer.Reduce(batch.View(s), 9).Group.ToArray());
    }

    [Theory]
    [MemberData(nameof(MethodsAndPrefixes))]
    public void Two_maps_in_turn_are_their_composition(string method, int prefix)
    {
        TokenSequences sequence = Draw(prefix);
        int width = sequence.Tokens.Columns;
        foreach (TokenStage stage in Stages(method))
        {
            TokenMap first = stage.Reducer.Reduce(sequence.View(), 11);
            TokenMap second = stage.Reducer.Reduce(TokenSequences.Draw(2, prefix, 3, 8, first.Count).View(), 7);
            Matrix once = Matrix.Allocate(first.Count, width), twice = Matrix.Allocate(second.Count, width), whole = Matrix.Allocate(second.Count, width);
            float[] sizes = new float[first.Count], rest = new float[second.Count];
            first.Apply(sequence.Tokens, sequence.View().Sizes, once, sizes);
            second.Apply(once, sizes, twice, rest);
            var sizesOfWhole = new float[second.Count];
            first.Then(second).Apply(sequence.Tokens, sequence.View().Sizes, whole, sizesOfWhole);
            if (first.Sizes.IsEmpty && second.Sizes.IsEmpty)
                Assert.Equal(rest, sizesOfWhole);
            for (int i = 0; i < second.Count; i++)
                for (int c = 0; c < width && !Weighs(first, second, i); c++)
                    Assert.Equal(twice.Row(i)[c], whole.Row(i)[c], 1e-5f); // the mean of a mean is rounded once more
        }

        // A composition says where tokens are and weighs them by size: what a method weighed, or sized, by numbers of its own it cannot say again.
        static bool Weighs(TokenMap first, TokenMap second, int group) =>
            Enumerable.Range(0, first.Count).Where(token => second.Group[token] == group) is var members
            && ((!second.Weights.IsEmpty && members.Count() > 1) || (!first.Weights.IsEmpty && members.Any(token => first.Group.Count(token) > 1)));
    }

    [Theory]
    [MemberData(nameof(MethodsAndPrefixes))]
    public void Permuting_the_patches_permutes_the_decision(string method, int prefix)
    {
        if (TokenMethods.Get(method).DependsOnPlace)
            return;
        for (int seed = 1; seed <= 5; seed++)
        {
            TokenSequences sequence = Draw(prefix, seed);
            int[] patches = [.. Enumerable.Range(prefix, Patches)];
            new Random(seed).Shuffle(patches);
            int[] order = [.. Enumerable.Range(0, prefix), .. patches];
            foreach (TokenStage stage in Stages(method))
            {
                int[] plain = stage.Reducer.Reduce(sequence.View(), 13).Group.ToArray(), moved = stage.Reducer.Reduce(sequence.Reordered(order).View(), 13).Group.ToArray();
                for (int i = 0; i < order.Length; i++)
                    for (int j = 0; j < order.Length; j++)
                    {
                        Assert.Equal(plain[order[i]] == TokenMap.Dropped, moved[i] == TokenMap.Dropped);
                        Assert.Equal(plain[order[i]] == plain[order[j]], moved[i] == moved[j]);
                    }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_plan_survives_its_file(string method)
    {
        TokenPlan plan = TokenMethods.Get(method).DefaultPlan(12, 196), again = TokenPlanFile.Parse(TokenPlanFile.Print(plan));
        Assert.Equal(TokenPlanFile.Print(plan), TokenPlanFile.Print(again));
        TokenSequences sequence = TokenSequences.Draw(3, 1, 3, 8, 197);
        Assert.Equal(plan.Stages.Length, again.Stages.Length);
        for (int i = 0; i < plan.Stages.Length; i++)
        {
            int go = plan.Stages[i].CountToRemove(196);
            Assert.Equal(go, again.Stages[i].CountToRemove(196));
            Assert.Equal((plan.Stages[i].Block, plan.Stages[i].Position), (again.Stages[i].Block, again.Stages[i].Position));
            Assert.Equal(plan.Stages[i].Reducer.Reduce(sequence.View(), go).Group.ToArray(), again.Stages[i].Reducer.Reduce(sequence.View(), go).Group.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_method_asks_for_what_it_looks_at(string method)
    {
        // The view of the engine shows no more than was asked; here everything else is taken away.
        TokenSequences sequence = Draw(1);
        foreach (TokenStage stage in Stages(method))
            Assert.Equal(
                stage.Reducer.Reduce(sequence.View(), 13).Group.ToArray(),
                stage.Reducer.Reduce(sequence.View(granted: stage.Reducer.Needs), 13).Group.ToArray());
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_method_has_a_citation_and_a_default_plan_for_any_network(string method)
    {
        TokenMethod entry = TokenMethods.Get(method);
        Assert.NotEmpty(entry.Citation);
        foreach ((int depth, int patches) in new[] { (1, 4), (2, 9), (4, 64), (6, 49), (12, 196), (24, 256), (40, 1369) })
        {
            TokenPlan plan = entry.DefaultPlan(depth, patches);
            Assert.All(plan.Stages, stage => Assert.InRange(stage.Block, 0, depth - 1));
            Assert.True(plan.PatchesByBlock(depth, patches).All(count => count.Mlp > 0));
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_method_has_a_page_and_its_options_stand_in_the_description_of_plan_files(string method)
    {
        string docs = Path.Combine(Repository.Root, "docs"), format = File.ReadAllText(Path.Combine(docs, "formats", "token-plan.md"));
        Assert.True(File.Exists(Path.Combine(docs, "methods", method + ".md")), $"docs/methods/{method}.md is missing");
        string section = format[format.IndexOf($"## Options of `{method}`", StringComparison.Ordinal)..];
        foreach (TokenOption option in TokenMethods.Get(method).Options)
            Assert.Contains($"| `{option.Name}` | {option.Values} | `{option.Default}` | {option.Summary} |", section);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_family_goes_from_every_token_to_less_than_half_of_the_work_and_never_back(string method)
    {
        TokenMethod entry = TokenMethods.Get(method);
        foreach ((int depth, int patches) in new[] { (12, 196), (12, 64), (24, 256) })
        {
            double last = double.PositiveInfinity, dense = Work(TokenPlan.Dense, depth, patches);
            Assert.Equal(dense, Work(entry.Family(depth, patches, 0), depth, patches));
            for (int i = 0; i <= 50; i++)
            {
                double work = Work(entry.Family(depth, patches, i / 50.0), depth, patches);
                Assert.InRange(work, 0, last);
                last = work;
            }

            Assert.InRange(last, 0, 0.5 * dense);
        }

        // Of a block of DeiT-S's shape; of an adaptive plan, when as much goes as may.
        static double Work(TokenPlan plan, int depth, int patches) => plan.PatchesByBlock(depth, patches).Sum(count =>
            (4.0 * (count.Attention + 1) * 384 * 384) + (2.0 * (count.Attention + 1) * (count.Attention + 1) * 384) + (8.0 * (count.Mlp + 1) * 384 * 384));
    }

    [Fact]
    public void Names_are_distinct()
    {
        Assert.Equal(TokenMethods.All.Length, TokenMethods.All.Select(method => method.Name).Distinct().Count());
        Assert.Equal(TokenPlans.All.Length, TokenPlans.All.Select(plan => plan.Name).Distinct().Count());
    }
}
