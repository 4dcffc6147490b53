using Secateur.Compression.Tokens;
using Secateur.Models.Tokens;

namespace Secateur.Tests.Tokens;

/// <summary>The plain twin of <see cref="ZeroTPrune"/>: the paper's steps in double precision, with gathered matrices and full sorts.</summary>
internal static class PlainZeroTPrune
{
    public static int[] Kept(in TokenView view, ZeroTPruneOptions o, double rate)
    {
        int n = view.Patches, prefix = view.Prefix;
        int[] all = [.. Enumerable.Range(0, view.Count)];
        double[] first = Aggregate(o, Vote(view, o, all, 1, false));
        int[] ranked = [.. Enumerable.Range(prefix, n).OrderByDescending(i => first[i])];

        int half = n / 2;
        bool every = o.Partition == SimilarityPartition.None;
        (int[] stay, int[] mayGo) = o.Partition switch
        {
            SimilarityPartition.SequentialU => (ranked[..half], ranked[half..]),
            SimilarityPartition.SequentialI => (ranked[^half..], ranked[..^half]),
            SimilarityPartition.Alternate => (
                [.. ranked.Where((_, rank) => (n - rank) % 2 == 0)], [.. ranked.Where((_, rank) => (n - rank) % 2 == 1)]),
            SimilarityPartition.None => (ranked, ranked[1..]),
            _ => throw new NotSupportedException("drawn halves have no plain twin"),
        };
        double[][] features = new double[view.Count][];
        for (int i = 0; i < features.Length; i++)
            features[i] = Feature(view, o, i);
        double Best(int a) => (every ? ranked.TakeWhile(b => b != a) : stay).Max(b => Alike(o, features[a], features[b]));
        int bulk = Math.Min(o.Similar, mayGo.Length);
        int[] gone = [.. mayGo.OrderByDescending(Best).ThenBy(a => a).Take(bulk)];

        int[] left = [.. all.Except(gone)];
        double[] second = Aggregate(o, Vote(view, o, left, o.Iterations, o.Renormalise));
        int keep = (int)(rate * (n - bulk));
        return [.. Enumerable.Range(0, left.Length).Where(i => left[i] >= prefix).OrderByDescending(i => second[i]).Take(keep).Select(i => left[i]).Concat(Enumerable.Range(0, prefix)).Order()];
    }

    static double[][] Vote(in TokenView view, ZeroTPruneOptions o, int[] voters, int votes, bool renormalise)
    {
        var scores = new double[view.Heads][];
        for (int h = 0; h < scores.Length; h++)
        {
            int n = voters.Length;
            var a = new double[n, n];
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                    a[i, j] = view.Attention(h).Row(voters[i])[voters[j]];
                double sum = renormalise ? Enumerable.Range(0, n).Sum(j => a[i, j]) : 1;
                for (int j = 0; j < n; j++)
                    a[i, j] /= sum;
            }

            double[] s = [.. Enumerable.Repeat(1.0, n)];
            if (o.ClassBoost && view.Prefix > 0)
                s[0] = Math.Sqrt(n);
            for (int t = 0; t < votes; t++)
                s = [.. Enumerable.Range(0, n).Select(j => Enumerable.Range(0, n).Sum(i => a[i, j] * s[i]))];
            scores[h] = s;
        }

        return scores;
    }

    static double[] Aggregate(ZeroTPruneOptions o, double[][] heads)
    {
        double[][] pass = [.. heads.Where(s => s.Select(x => Math.Pow(x - s.Average(), 2)).Average() is var v && o.VarianceMinimum <= v && v <= o.VarianceMaximum)];
        if (pass.Length == 0)
            pass = heads;
        return [.. Enumerable.Range(0, heads[0].Length).Select(i =>
            o.HeadMean == HeadMean.RootMeanSquare ? Math.Sqrt(pass.Average(s => s[i] * s[i])) : pass.Average(s => s[i]))];
    }

    static double[] Feature(in TokenView view, ZeroTPruneOptions o, int token)
    {
        double[] x = [.. (o.Feature switch
        {
            SimilarityFeature.Key => view.Key(token),
            SimilarityFeature.Query => view.Query(token),
            SimilarityFeature.Value => view.Value(token),
            SimilarityFeature.X => view.Token(token),
            _ => view.Input(token),
        }).ToArray().Select(v => (double)v)];
        int heads = view.Heads, d = view.HeadDim;
        bool split = o.Feature is SimilarityFeature.Key or SimilarityFeature.Query or SimilarityFeature.Value;
        return split && o.FeatureHeads == FeatureHeads.Mean
            ? [.. Enumerable.Range(0, d).Select(c => Enumerable.Range(0, heads).Average(h => x[(h * d) + c]))]
            : x;
    }

    static double Alike(ZeroTPruneOptions o, double[] a, double[] b)
    {
        double[] apart = [.. a.Zip(b, (x, y) => Math.Abs(x - y))];
        double dot = a.Zip(b, (x, y) => x * y).Sum();
        return o.Metric switch
        {
            SimilarityMetric.Cosine => dot / Math.Sqrt(a.Sum(x => x * x) * b.Sum(x => x * x)),
            SimilarityMetric.Dot => dot,
            SimilarityMetric.L1 => -apart.Sum(),
            SimilarityMetric.L2 => -Math.Sqrt(apart.Sum(x => x * x)),
            SimilarityMetric.Linf => -apart.Max(),
            _ => -Math.Pow(apart.Sum(x => Math.Pow(x, o.Minkowski)), 1 / o.Minkowski),
        };
    }
}
