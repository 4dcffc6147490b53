using Secateur.Kernels;

namespace Secateur.Tests.Kernels;

public sealed class AttentionTests
{
    public static TheoryData<string> Sets => KernelSets.All;

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_length_is_near_the_plain_twin_with_every_signal(string set)
    {
        for (int tokens = 1; tokens <= 257; tokens++)
            Check(new AttentionCase(KernelSet.Get(set), [tokens], tokens % 3 == 0 ? 2 : 1, tokens % 2 == 0 ? 16 : 8, tokens % 5 == 0));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_head_dimension_is_near_the_plain_twin(string set)
    {
        foreach (int dimension in (int[])[1, 2, 3, 5, 7, 16, 31, 32, 33, 48, 64, 80, 88, 96, 128])
            foreach (int tokens in (int[])[5, 37, 50])
                Check(new AttentionCase(KernelSet.Get(set), [tokens, 1, tokens / 2], 3, dimension, dimension % 2 == 0));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Threads_change_no_bit(string set)
    {
        foreach (int[] lengths in (int[][])[[197], [50, 3, 77], [1], [12], [30, 40, 50, 60, 70]])
        {
            var one = new AttentionCase(KernelSet.Get(set), lengths, 3, 32, true);
            one.Run(AttentionCase.Everything, 1);
            for (int threads = 2; threads <= 4; threads++)
            {
                var more = new AttentionCase(KernelSet.Get(set), lengths, 3, 32, true);
                more.Run(AttentionCase.Everything, threads);
                Assert.Equal(one.Bits(), more.Bits());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void A_sequence_does_not_depend_on_its_batch_mates(string set)
    {
        var together = new AttentionCase(KernelSet.Get(set), [50, 3, 77], 3, 32, false);
        together.Run(AttentionCase.Everything, 2);
        for (int s = 0; s < 3; s++)
        {
            var alone = together.Alone(s);
            alone.Run(AttentionCase.Everything, 2);
            int first = together.Offsets[s];
            for (int i = 0; i < alone.Output.Rows; i++)
                Assert.Equal(alone.Output.Row(i).ToArray(), together.Output.Row(first + i).ToArray());
            for (int h = 0; h < 3; h++)
            {
                Assert.Equal(alone.Signals.Received(0, h).ToArray(), together.Signals.Received(s, h).ToArray());
                Assert.Equal(alone.Signals.Entropy(0, h), together.Signals.Entropy(s, h));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void What_is_asked_does_not_change_the_output(string set)
    {
        var nothing = new AttentionCase(KernelSet.Get(set), [67, 20], 2, 24, true);
        nothing.Run(AttentionRequest.None, 2);
        for (var request = AttentionRequest.ClassRow; request <= AttentionCase.Everything; request++)
        {
            var asked = new AttentionCase(KernelSet.Get(set), [67, 20], 2, 24, true);
            asked.Run(request, 2);
            for (int i = 0; i < 87; i++)
                Assert.Equal(nothing.Output.Row(i).ToArray(), asked.Output.Row(i).ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Signals_agree_with_each_other(string set)
    {
        var run = new AttentionCase(KernelSet.Get(set), [197, 13], 2, 64, true);
        run.Run(AttentionCase.Everything, 2);
        for (int s = 0; s < 2; s++)
            for (int h = 0; h < 2; h++)
            {
                Matrix full = run.Signals.Full(s, h);
                Assert.Equal(full.Row(0).ToArray(), run.Signals.ClassRow(s, h).ToArray());
                for (int i = 0; i < full.Rows; i++)
                {
                    float sum = 0;
                    foreach (float probability in full.Row(i))
                        sum += probability;
                    Assert.InRange(sum, 1 - 2e-6f, 1 + 2e-6f); // 197 rounded terms
                }

                for (int j = 0; j < full.Columns; j++)
                {
                    double sum = 0;
                    for (int i = 0; i < full.Rows; i++)
                        sum += full.Row(i)[j];
                    Assert.InRange(run.Signals.Received(s, h)[j], sum * (1 - 2e-6), sum * (1 + 2e-6));
                }
            }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void A_head_that_is_left_out_yields_zeros_and_the_others_the_bits_they_always_yield(string set)
    {
        const int heads = 3, dimension = 20;
        foreach (int threads in new[] { 1, 3 })
        {
            var all = new AttentionCase(KernelSet.Get(set), [67, 20], heads, dimension, true);
            var some = new AttentionCase(KernelSet.Get(set), [67, 20], heads, dimension, true) { Active = [true, false, true, false, false, true] };
            foreach (AttentionCase run in new[] { all, some, some })
                run.Run(AttentionCase.Everything, threads); // twice, so that working memory is not what it was made
            for (int s = 0; s < 2; s++)
                for (int h = 0; h < heads; h++)
                {
                    bool active = some.Active[(s * heads) + h];
                    for (int i = all.Offsets[s]; i < all.Offsets[s + 1]; i++)
                        Same(active, all.Output.Row(i).Slice(h * dimension, dimension), some.Output.Row(i).Slice(h * dimension, dimension));
                    Same(active, all.Signals.ClassRow(s, h), some.Signals.ClassRow(s, h));
                    Same(active, all.Signals.Received(s, h), some.Signals.Received(s, h));
                    for (int i = 0; i < all.Signals.Full(s, h).Rows; i++)
                        Same(active, all.Signals.Full(s, h).Row(i), some.Signals.Full(s, h).Row(i));
                    Same(active, [all.Signals.OutputMagnitude(s, h), all.Signals.Entropy(s, h)], [some.Signals.OutputMagnitude(s, h), some.Signals.Entropy(s, h)]);
                }
        }

        static void Same(bool active, ReadOnlySpan<float> expected, ReadOnlySpan<float> actual) =>
            Assert.Equal(active ? expected.ToArray() : new float[expected.Length], actual.ToArray());
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Extreme_logits_choose_one_key(string set)
    {
        // Logits of up to 1e4: the exponentials of all keys but the largest one vanish, and nothing overflows.
        var run = new AttentionCase(KernelSet.Get(set), [40], 1, 16, false, scale: 50);
        run.Run(AttentionCase.Everything, 1);
        for (int i = 0; i < 40; i++)
        {
            Assert.All(run.Output.Row(i).ToArray(), value => Assert.True(float.IsFinite(value)));
            Assert.All(run.Signals.Full(0, 0).Row(i).ToArray(), value => Assert.InRange(value, 0, 1));
        }

        Assert.True(float.IsFinite(run.Signals.Entropy(0, 0)));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void A_key_of_no_size_is_not_attended_to(string set)
    {
        var run = new AttentionCase(KernelSet.Get(set), [23], 1, 16, true);
        run.Bias[7] = float.NegativeInfinity;
        run.Run(AttentionCase.Everything, 1);
        Assert.Equal(0, run.Signals.Received(0, 0)[7]);
        run.AssertNearTwin();
    }

    [Fact]
    public void Working_memory_is_made_once()
    {
        var run = new AttentionCase(KernelSet.Default, [50, 20], 2, 16, true);
        using var threads = new Threads(1);
        run.Run(AttentionCase.Everything, threads);
        long before = GC.GetAllocatedBytesForCurrentThread();
        run.Run(AttentionCase.Everything, threads);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        using var threads = new Threads(1);
        Matrix qkv = Matrix.Allocate(4, 48), output = Matrix.Allocate(4, 16);
        void Run(Matrix from, int[] offsets, int heads, float[] bias, Matrix to) =>
            KernelSet.Default.Attention(threads, from, offsets, heads, default, bias, to, null, new AttentionScratch());
        Run(qkv, [0, 4], 2, [], output);
        Assert.Throws<ArgumentException>(() => Run(qkv, [0, 4], 3, [], output));
        Assert.Throws<ArgumentException>(() => Run(qkv, [0, 5], 2, [], output));
        Assert.Throws<ArgumentException>(() => Run(qkv, [-1, 4], 2, [], output));
        Assert.Throws<ArgumentException>(() => Run(qkv, [0, 3, 2, 4], 2, [], output));
        Assert.Throws<ArgumentException>(() => Run(qkv, [0, 4], 2, [1, 2, 3], output));
        Assert.Throws<ArgumentException>(() => Run(qkv, [0, 4], 2, [], Matrix.Allocate(4, 32)));
    }

    static void Check(AttentionCase run)
    {
        run.Run(AttentionCase.Everything, 1);
        run.AssertNearTwin();
        KernelSets.AssertPoisonIsUntouched(run.Output);
    }
}
