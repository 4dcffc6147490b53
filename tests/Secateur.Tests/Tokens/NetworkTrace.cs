using Secateur.Kernels;
using Secateur.Models.Checkpoints;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Tokens;

/// <summary>A tiny network under a plan: tokens after every block, decisions, logits; compared with what the reference wrote down.</summary>
internal sealed class NetworkTrace : RunObserver
{
    // Float32 sums in another order over six blocks, relative to the largest value.
    const double Tolerance = 1e-4;

    readonly List<float[]> blocks = [];
    readonly string name;
    readonly float[] logits;

    /// <summary>Runs it.</summary>
    /// <param name="name">Of the network.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="image">One picture of the fixture alone; null for all of them as one batch.</param>
    public NetworkTrace(string name, TokenPlan plan, int? image = null)
    {
        this.name = name;
        VisionTransformer network = TinyNetworks.Load(name, threads: Threads.Inline);
        using SafetensorsFile expected = TinyNetworks.Expected(name);
        Batch = image is null ? expected.Tensors["input"].Shape[0] : 1;
        logits = new float[Batch * network.Classes];
        network.Run(expected.Read("input").AsSpan((image ?? 0) * network.ImageLength, Batch * network.ImageLength), Batch, logits, plan, this);
    }

    public int Batch { get; }

    /// <summary>The decisions by stage, then by sequence.</summary>
    public List<List<TokenMap>> Maps { get; } = [];

    public List<float[]> Sizes { get; } = [];

    /// <summary>Tokens after every block and logits are the reference's.</summary>
    public void Compare(string prefix)
    {
        using SafetensorsFile expected = TinyNetworks.Expected(name);
        for (int block = 0; block < blocks.Count; block++)
        {
            if (!expected.Tensors.ContainsKey($"{prefix}.block{block}.tokens"))
                continue;
            float[] wanted = expected.Read($"{prefix}.block{block}.tokens");
            Assert.True(wanted.Length == blocks[block].Length, $"{prefix}.block{block}.tokens has {wanted.Length} numbers, not {blocks[block].Length}");
            double difference = TinyNetworks.Difference(wanted, blocks[block]);
            Assert.True(difference < Tolerance, $"{prefix}.block{block}.tokens differs by {difference:g3}");
        }

        Assert.True(TinyNetworks.Difference(expected.Read($"{prefix}.logits"), logits) < Tolerance, $"{prefix}.logits");
    }

    /// <summary>The numbers that the reference wrote down.</summary>
    public long[] Expected(string tensor)
    {
        using SafetensorsFile expected = TinyNetworks.Expected(name);
        var values = new long[expected.Tensors[tensor].Length];
        expected.ReadInt64(tensor, values);
        return values;
    }

    /// <summary>Who stands alone in the groups after the prefix, in the order of the groups.</summary>
    public static IEnumerable<long> KeptInOrder(TokenMap map, int prefix) =>
        from i in Enumerable.Range(prefix, map.Group.Length - prefix)
        let g = map.Group[i]
        where g != TokenMap.Dropped && map.Group.Count(g) == 1
        orderby g
        select (long)i;

    public override void OnBlock(int block, TokenRows tokens)
    {
        blocks.Add([.. Enumerable.Range(0, tokens.Count).SelectMany(i => tokens.Rows.Row(i).ToArray())]);
        Sizes.Add(tokens.Sizes.ToArray());
    }

    public override void OnMap(int stage, int sequence, TokenMap map)
    {
        while (Maps.Count <= stage)
            Maps.Add([]);
        Maps[stage].Add(map);
    }
}
