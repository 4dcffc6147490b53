using Secateur.Compression.Tokens;
using Secateur.Kernels;
using Secateur.Models.Tokens;

namespace Secateur.Tests.Tokens;

public sealed class DiffRateTests
{
    [Theory]
    [InlineData(0, 13, 5)]
    [InlineData(1, 13, 5)]
    [InlineData(1, 13, 0)]
    [InlineData(1, 13, 100)]
    [InlineData(1, 39, 39)]
    [InlineData(1, 40, 40)]
    [InlineData(2, 38, 35)]
    [InlineData(5, 13, 5)]
    public void Decisions_tokens_and_sizes_are_those_of_a_plain_twin(int prefix, int remove, int merge)
    {
        TokenSequences sequence = TokenSequences.Draw(4, prefix, 3, 8, prefix + 40);
        TokenView view = sequence.View();
        float[] sizes = [.. Enumerable.Range(0, view.Count).Select(i => i < prefix ? 1f : 1 + (i % 3))];
        view = new TokenView((TokenSignals)255, prefix, sizes, sequence.Tokens, default, view.QueryKeyValue, 3, Attention(sequence), 0);
        TokenMap map = new DiffRate(new() { Merge = merge }).Reduce(view, remove);
        (int[] group, double[][] tokens, double[] added) = Plain(view, remove, Math.Min(merge, remove));
        Assert.Equal(group, map.Group.ToArray());
        Matrix found = Matrix.Allocate(map.Count, sequence.Tokens.Columns);
        var foundSizes = new float[map.Count];
        map.Apply(sequence.Tokens, view.Sizes, found, foundSizes);
        for (int g = 0; g < map.Count; g++)
        {
            Assert.Equal(added[g], foundSizes[g], 1e-5); // float32 cosines of 24 products
            for (int c = 0; c < found.Columns; c++)
                Assert.Equal(tokens[g][c], found.Row(g)[c], 1e-5);
        }
    }

    [Fact]
    public void The_published_counts_are_left_in_every_block()
    {
        int[] merged = [197, 194, 176, 156, 141, 133, 121, 107, 88, 64, 56, 3], pruned = [197, 196, 190, 168, 150, 139, 129, 117, 99, 78, 58, 3];
        TokenPlan plan = TokenPlans.Named("diffrate", 12, 196);
        Assert.Equal(merged, plan.PatchesByBlock(12, 196).Select(count => count.Mlp + 1));
        Assert.All(plan.Stages, stage => Assert.Equal(pruned[stage.Block] - merged[stage.Block], ((DiffRate)stage.Reducer).Options.Merge));
    }

    static AttentionSignals Attention(TokenSequences sequence)
    {
        var signals = new AttentionSignals();
        Matrix qkv = sequence.View().QueryKeyValue;
        int[] offsets = [0, qkv.Rows];
        signals.Prepare(AttentionRequest.ClassRow | AttentionRequest.Received, offsets, 3);
        KernelSet.Default.Attention(Threads.Inline, qkv, offsets, 3, default, default, Matrix.Allocate(qkv.Rows, qkv.Columns / 3), signals, new());
        return signals;
    }

    static (int[] Group, double[][] Tokens, double[] Sizes) Plain(TokenView view, int remove, int merge)
    {
        int prefix = view.Prefix, keep = view.Patches - remove;
        var score = new double[view.Count];
        for (int i = 0; i < score.Length; i++)
            for (int h = 0; h < view.Heads; h++)
                score[i] += prefix > 0 ? view.ClassAttention(h)[i] : view.Received(h)[i];
        int[] ranked = [.. Enumerable.Range(prefix, view.Patches).OrderByDescending(i => score[i])];
        var x = new double[view.Count][];
        for (int i = 0; i < x.Length; i++)
            x[i] = [.. view.Token(i).ToArray().Select(value => (double)value)];
        List<(int Token, double Size)>[] groups = [.. Enumerable.Range(0, prefix).Concat(ranked.Take(keep)).Select(_ => new List<(int, double)>())];
        for (int i = 0; i < groups.Length; i++)
            groups[i].Add(i < prefix ? (i, view.Sizes[i]) : (ranked[i - prefix], view.Sizes[ranked[i - prefix]]));
        if (keep > 0)
            foreach (int token in ranked.Skip(keep).Take(merge))
            {
                int best = Enumerable.Range(prefix, keep).MaxBy(g => Cosine(x[token], x[groups[g][0].Token]));
                groups[best].Add((token, view.Sizes[token] * Math.Max(0, Cosine(x[token], x[groups[best][0].Token]))));
            }

        int[] group = [.. Enumerable.Range(0, view.Count).Select(i => Array.FindIndex(groups, members => members.Exists(member => member.Token == i)))];
        return (
            group,
            [.. groups.Select(members => Enumerable.Range(0, x[0].Length).Select(c => members.Average(member => x[member.Token][c])).ToArray())],
            [.. groups.Select(members => members.Sum(member => member.Size))]);
    }

    static double Cosine(double[] a, double[] b) => PlainToMe.Dot(a, b) / Math.Sqrt(PlainToMe.Dot(a, a) * PlainToMe.Dot(b, b));
}
