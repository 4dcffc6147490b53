using Secateur.Compression.Tokens;
using Secateur.Kernels;
using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Tests.Kernels;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Tokens;

/// <summary>DPC-KNN and K-Medoids against their plain twins; what is their own.</summary>
public sealed class ClusteringTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void Dpc_knn_makes_the_clusters_of_its_plain_twin(int prefix)
    {
        for (int seed = 1; seed <= 3; seed++)
            foreach (int clusters in new[] { 1, 2, 11, 39 })
                foreach (int neighbours in new[] { 1, 5, 64 })
                {
                    TokenSequences sequence = TokenSequences.Draw(seed, prefix, 3, 8, prefix + 40);
                    AssertGroups(sequence.View(), PlainClustering.DpcKnn(Distances(sequence.View()), clusters, Math.Min(neighbours, 40)), new DpcKnn(new() { Neighbours = neighbours }));
                }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void K_medoids_makes_the_clusters_of_its_plain_twin_from_either_start(int prefix)
    {
        for (int seed = 1; seed <= 3; seed++)
            foreach (int clusters in new[] { 1, 2, 11, 39 })
                foreach (int iterations in new[] { 1, 3, 5 })
                {
                    TokenSequences sequence = TokenSequences.Draw(seed, prefix, 3, 8, prefix + 40);
                    double[,] d = Distances(sequence.View());
                    AssertGroups(
                        sequence.View(), PlainClustering.KMedoids(d, MostAttended(sequence.View(), clusters), iterations), new KMedoids(new() { Iterations = iterations }));
                    int[] farthest = PlainClustering.Farthest(d, clusters, new Random(seed).Next(40));
                    AssertGroups(
                        sequence.View(), PlainClustering.KMedoids(d, farthest, iterations), new KMedoids(new() { Start = MedoidStart.FarthestPoint, Iterations = iterations, Seed = seed }));
                }
    }

    [Theory]
    [InlineData("tiny-vit")]
    [InlineData("tiny-deit-distilled")]
    [InlineData("tiny-dinov2-registers")]
    [InlineData("odd-vit")]
    public void Over_a_whole_network_every_decision_is_the_plain_twin_s(string name)
    {
        VisionTransformer network = TinyNetworks.Load(name, threads: Threads.Inline);
        using SafetensorsFile expected = TinyNetworks.Expected(name);
        float[] picture = expected.Read("input")[..network.ImageLength];
        foreach (string method in new[] { "dpc-knn", "k-medoids" })
        {
            TokenPlan plan = TokenMethods.Get(method).DefaultPlan(network.Depth, network.PatchTokens);
            var compared = new Compared[plan.Stages.Length];
            for (int i = 0; i < compared.Length; i++)
                compared[i] = new(plan.Stages[i].Reducer);
            Assert.All(network.Run(picture, 1, new TokenPlan(method, [.. plan.Stages.Select((stage, i) => stage with { Reducer = compared[i] })])), logit => Assert.True(float.IsFinite(logit)));
            Assert.All(compared, one => Assert.True(one.Asked));
        }
    }

    [Fact]
    public void A_cluster_of_dpc_knn_is_the_plain_mean_of_tokens_that_stand_for_different_numbers()
    {
        TokenSequences sequence = TokenSequences.Draw(1, 1, 3, 8, 41);
        TokenMap map = new DpcKnn().Reduce(sequence.View(), 35);
        float[] sizes = [.. Enumerable.Range(1, 41).Select(i => (float)i)], outSizes = new float[map.Count];
        Matrix rows = Matrix.Allocate(map.Count, sequence.Tokens.Columns);
        map.Apply(sequence.Tokens, sizes, rows, outSizes);
        Assert.Equal(sizes.Sum(), outSizes.Sum());
        for (int g = 0; g < map.Count; g++)
        {
            int[] members = [.. Enumerable.Range(0, 41).Where(i => map.Group[i] == g)];
            for (int c = 0; c < rows.Columns; c++)
                Assert.Equal(members.Average(i => sequence.Tokens.Row(i)[c]), rows.Row(g)[c], 1e-6f); // float32 sums
        }
    }

    [Fact]
    public void What_k_medoids_leaves_are_tokens_that_came_in_bit_for_bit_and_no_mass_is_lost()
    {
        TokenSequences sequence = TokenSequences.Draw(1, 1, 3, 8, 41);
        TokenMap map = new KMedoids().Reduce(sequence.View(), 35);
        var sizes = new float[map.Count];
        Matrix rows = Matrix.Allocate(map.Count, sequence.Tokens.Columns);
        map.Apply(sequence.Tokens, sequence.View().Sizes, rows, sizes);
        Assert.Equal(41, sizes.Sum());
        for (int g = 0; g < map.Count; g++)
            Assert.Contains(Enumerable.Range(0, 41), i => map.Group[i] == g && sequence.Tokens.Row(i).SequenceEqual(rows.Row(g)));
    }

    [Fact]
    public void Equal_patches_lie_at_distance_zero_and_no_decision_fails_on_them()
    {
        TokenSequences sequence = TokenSequences.Draw(1, 0, 3, 8, 40).Reordered([.. Enumerable.Range(0, 40).Select(i => i / 4 * 4)]);
        using (var distances = new PatchDistances(sequence.View()))
            for (int i = 0; i < 40; i++)
                for (int j = 0; j < 40; j++)
                    Assert.Equal(i / 4 == j / 4, distances.From(i)[j] == 0);
        foreach (ITokenReducer reducer in new ITokenReducer[] { new DpcKnn(), new KMedoids(), new KMedoids(new() { Start = MedoidStart.FarthestPoint }) })
            for (int remove = 0; remove < 40; remove++)
                Assert.Equal(40 - remove, reducer.Reduce(sequence.View(), remove).Count);
    }

    [Theory]
    [MemberData(nameof(KernelSets.All), MemberType = typeof(KernelSets))]
    public void Distances_are_the_same_bits_on_every_width(string set)
    {
        TokenView view = TokenSequences.Draw(1, 1, 3, 7, 60).View();
        using var expected = new PatchDistances(view with { Kernels = KernelSet.Get("scalar") });
        using var actual = new PatchDistances(view with { Kernels = KernelSet.Get(set) });
        for (int i = 0; i < expected.Count; i++)
            Assert.Equal(expected.From(i).ToArray(), actual.From(i).ToArray());
    }

    [Fact]
    public void The_mean_of_the_least_is_the_mean_of_the_first_in_order()
    {
        var random = new Random(3);
        for (int count = 1; count <= 20; count++)
        {
            float[] numbers = [.. Enumerable.Range(0, 20).Select(_ => (float)random.Next(10))];
            Assert.Equal(numbers.Order().Take(count).Average(), DpcKnn.MeanOfLeast(numbers, count), 1e-6f);
        }
    }

    static double[,] Distances(in TokenView view)
    {
        var patches = new float[view.Patches][];
        for (int i = 0; i < patches.Length; i++)
            patches[i] = view.Token(view.Prefix + i).ToArray();
        return PlainClustering.Distances(patches);
    }

    static int[] MostAttended(in TokenView view, int clusters)
    {
        var attention = new double[view.Patches];
        for (int h = 0; h < view.Heads; h++)
            for (int i = 0; i < attention.Length; i++)
                attention[i] += (view.Prefix > 0 ? view.ClassAttention(h) : view.Received(h))[view.Prefix + i];
        return [.. Enumerable.Range(0, attention.Length).OrderByDescending(i => attention[i]).Take(clusters).Order()];
    }

    static void AssertGroups(in TokenView view, int[] centre, ITokenReducer reducer)
    {
        int[] centres = [.. centre.Distinct().Order()];
        TokenMap map = reducer.Reduce(view, view.Patches - centres.Length);
        int prefix = view.Prefix;
        Assert.Equal([.. Enumerable.Range(0, prefix), .. centre.Select(c => prefix + Array.IndexOf(centres, c))], map.Group.ToArray());
    }

    /// <summary>A method that is asked together with its plain twin.</summary>
    sealed class Compared(ITokenReducer method) : ITokenReducer
    {
        public bool Asked { get; private set; }

        public TokenSignals Needs => method.Needs;

        public int MostToRemove(int patches) => method.MostToRemove(patches);

        public TokenMap Reduce(in TokenView view, int remove)
        {
            Asked = true;
            double[,] d = Distances(view);
            int clusters = view.Patches - remove;
            AssertGroups(view, method is KMedoids ? PlainClustering.KMedoids(d, MostAttended(view, clusters), 3) : PlainClustering.DpcKnn(d, clusters, 5), method);
            return method.Reduce(view, remove);
        }
    }
}
