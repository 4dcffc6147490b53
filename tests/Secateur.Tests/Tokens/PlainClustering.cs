namespace Secateur.Tests.Tokens;

/// <summary>The clusterings written down once more, naively and in double precision: for every patch, the patch that is the centre of its cluster.</summary>
internal static class PlainClustering
{
    /// <summary>Distances over the square root of the width, subtracted feature by feature.</summary>
    public static double[,] Distances(float[][] patches)
    {
        var d = new double[patches.Length, patches.Length];
        for (int i = 0; i < patches.Length; i++)
            for (int j = 0; j < patches.Length; j++)
                d[i, j] = Math.Sqrt(patches[i].Zip(patches[j], (a, b) => ((double)a - b) * ((double)a - b)).Sum() / patches[i].Length);
        return d;
    }

    public static int[] DpcKnn(double[,] d, int clusters, int neighbours)
    {
        int n = d.GetLength(0);
        int[] all = [.. Enumerable.Range(0, n)];
        double[] density = [.. all.Select(i => Math.Exp(-all.Select(j => d[i, j] * d[i, j]).Order().Take(neighbours).Average()))];
        double[] score = [.. all.Select(i => density[i] * all.Where(j => density[j] > density[i] || (density[j] == density[i] && j < i))
            .Select(j => d[i, j]).DefaultIfEmpty(d.Cast<double>().Max()).Min())];
        return Nearest(d, [.. all.OrderByDescending(i => score[i]).Take(clusters).Order()]);
    }

    public static int[] KMedoids(double[,] d, int[] start, int iterations)
    {
        int[] all = [.. Enumerable.Range(0, d.GetLength(0))], medoids = start;
        for (int t = 0; t < iterations; t++)
        {
            int[] centre = Nearest(d, medoids);
            medoids = [.. medoids.Select(medoid =>
            {
                int[] own = [medoid, .. all.Where(i => centre[i] == medoid && i != medoid)];
                return own.MinBy(i => own.Sum(j => d[i, j]));
            }).Order()];
        }

        return Nearest(d, medoids);
    }

    public static int[] Farthest(double[,] d, int clusters, int first)
    {
        List<int> chosen = [first];
        while (chosen.Count < clusters)
            chosen.Add(Enumerable.Range(0, d.GetLength(0)).Except(chosen).MaxBy(i => chosen.Min(j => d[i, j])));
        return [.. chosen.Order()];
    }

    static int[] Nearest(double[,] d, int[] centres) =>
        [.. Enumerable.Range(0, d.GetLength(0)).Select(i => centres.Contains(i) ? i : centres.MinBy(j => d[i, j]))];
}
