using Secateur.Compression.Tokens.Scores;
using Secateur.Kernels;
using Secateur.Models.Tokens;

namespace Secateur.Tests.Tokens;

/// <summary>Every score against its formula, written naively in double precision.</summary>
public sealed class TokenScoreTests
{
    const int Heads = 3;
    const int HeadDim = 24;

    // Float32 sums of some hundred terms.
    const float Tolerance = 1e-5f;

    public static TheoryData<int> Prefixes => [0, 1, 2, 5];

    static TokenSequences Draw(int prefix, int seed = 3) => TokenSequences.Draw(seed, prefix, Heads, HeadDim, prefix + 70);

    [Theory]
    [MemberData(nameof(Prefixes))]
    public void Class_attention_is_the_class_token_s_row_or_without_one_what_is_received(int prefix)
    {
        TokenView view = Draw(prefix).View();
        var expected = new double[view.Count];
        for (int j = 0; j < view.Count; j++)
            for (int h = 0; h < Heads; h++)
                expected[j] += (prefix > 0 ? view.Attention(h).Row(0)[j] : Column(view, h, j) / view.Count) / Heads;
        Same(expected, ClassAttentionScore.Instance, view);
    }

    [Fact]
    public void A_register_is_no_class_token()
    {
        TokenView view = Draw(4).View() with { HasClassToken = false };
        var received = new double[view.Count];
        var lengths = new double[view.Count];
        for (int j = 0; j < view.Count; j++)
        {
            for (int h = 0; h < Heads; h++)
                received[j] += Column(view, h, j) / view.Count / Heads;
            lengths[j] = received[j] * Math.Sqrt(Squares(view.Value(j)));
        }

        Same(received, ClassAttentionScore.Instance, view);
        Same(lengths, new SignificanceScore(), view);
    }

    [Theory]
    [MemberData(nameof(Prefixes))]
    public void Received_attention_is_the_mean_over_queries_and_heads(int prefix)
    {
        TokenView view = Draw(prefix).View();
        var expected = new double[view.Count];
        for (int j = 0; j < view.Count; j++)
            for (int h = 0; h < Heads; h++)
                expected[j] += Column(view, h, j) / view.Count / Heads;
        Same(expected, ReceivedAttentionScore.Instance, view);
    }

    [Theory]
    [MemberData(nameof(Prefixes))]
    public void Significance_is_attention_times_the_length_of_the_value(int prefix)
    {
        TokenView view = Draw(prefix).View();
        double[] whole = new double[view.Count], byHead = new double[view.Count];
        for (int j = 0; j < view.Count; j++)
            for (int h = 0; h < Heads; h++)
            {
                double attention = prefix > 0 ? view.Attention(h).Row(0)[j] : Column(view, h, j);
                whole[j] += attention / Heads / (prefix > 0 ? 1 : view.Count) * Math.Sqrt(Squares(view.Value(j)));
                byHead[j] += attention * Math.Sqrt(Squares(view.Value(j).Slice(h * HeadDim, HeadDim)));
            }

        Same(whole, new SignificanceScore(), view);
        Same(byHead, new SignificanceScore(byHead: true), view);
    }

    [Theory]
    [MemberData(nameof(Prefixes))]
    public void The_tail_effect_score_is_the_share_of_the_attention_plus_a_softmax_of_the_values(int prefix)
    {
        TokenView view = Draw(prefix).View();
        double[] received = PlainReceived(view);
        double largest = received.Max();
        foreach (ValueMaximum maximum in Enum.GetValues<ValueMaximum>())
        {
            double[] values = PlainValues(view, maximum);
            Same([.. received.Select((a, j) => (a / largest) + values[j])], new TailEffectScore(maximum), view);
        }
    }

    [Fact]
    public void The_largest_of_the_batch_divides_when_it_is_told_so()
    {
        var batch = TokenSequences.Draw(5, 1, Heads, HeadDim, 40, 71, 52);
        double largest = 0;
        for (int s = 0; s < 3; s++)
            largest = Math.Max(largest, PlainReceived(batch.View(s)).Max());
        for (int s = 0; s < 3; s++)
        {
            TokenView view = batch.View(s) with { Mates = 3, MateOf = mate => batch.View(mate) };
            double[] values = PlainValues(view, ValueMaximum.Heads);
            Same([.. PlainReceived(view).Select((a, j) => (a / largest) + values[j])], new TailEffectScore(ofBatch: true), view);
        }
    }

    [Fact]
    public void The_tail_effect_score_has_the_same_bits_on_any_number_of_threads()
    {
        using var pool = new Threads(3);
        TokenSequences sequence = Draw(1);
        float[] once = new float[sequence.View().Count], again = new float[once.Length];
        new TailEffectScore().Score(sequence.View(), once);
        new TailEffectScore().Score(sequence.View() with { Threads = pool }, again);
        Assert.Equal(once, again);
    }

    static double[] PlainReceived(in TokenView view)
    {
        var received = new double[view.Count];
        for (int j = view.Prefix; j < view.Count; j++)
            for (int i = view.Prefix; i < view.Count; i++)
            {
                float largest = 0;
                for (int h = 0; h < Heads; h++)
                    largest = Math.Max(largest, view.Attention(h).Row(i)[j]);
                received[j] += largest;
            }

        return received;
    }

    static double[] PlainValues(in TokenView view, ValueMaximum maximum)
    {
        var values = new double[view.Count];
        for (int j = 0; j < values.Length; j++)
        {
            float[] value = view.Value(j).ToArray();
            IEnumerable<IGrouping<int, float>> groups = value.Select((v, i) => (v, i))
                .GroupBy(pair => maximum == ValueMaximum.Heads ? pair.i % HeadDim : pair.i / HeadDim, pair => pair.v);
            values[j] = Math.Exp(groups.Sum(group => (double)group.Max()) - 30); // less than the range of a double at any seed
        }

        double sum = values.Sum();
        return [.. values.Select(v => v / sum)];
    }

    static double Column(in TokenView view, int head, int token)
    {
        double sum = 0;
        for (int i = 0; i < view.Count; i++)
            sum += view.Attention(head).Row(i)[token];
        return sum;
    }

    static double Squares(ReadOnlySpan<float> x)
    {
        double sum = 0;
        foreach (float value in x)
            sum += (double)value * value;
        return sum;
    }

    static void Same(double[] expected, ITokenScore score, in TokenView view)
    {
        var found = new float[view.Count];
        score.Score(view, found);
        for (int j = view.Prefix; j < view.Count; j++)
            Assert.Equal(expected[j], found[j], Tolerance * Math.Max(1, Math.Abs(expected[j])));
    }
}
