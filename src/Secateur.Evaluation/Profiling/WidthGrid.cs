using System.Collections.Immutable;
using Secateur.Models;

namespace Secateur.Evaluation.Profiling;

/// <summary>Which numbers of heads and neurons are measured, and in which blocks of which narrower networks. A network measures as many numbers at
/// once as it has blocks.</summary>
internal static class WidthGrid
{
    /// <summary>Every number of heads up to this many, and as many evenly spread beyond.</summary>
    const int MostHeads = 32;

    /// <summary>Intervals from none to all neurons.</summary>
    const int Coarse = 16;

    /// <summary>Pairs of neighbours, the first of them a multiple of <see cref="PairStride"/>, which straddle the edges of steps if there are any.</summary>
    const int Pairs = 16;

    /// <summary>Steps narrower than this are not looked for.</summary>
    public const int PairStride = 8;

    /// <summary>Every number is measured in this many blocks, where the networks suffice.</summary>
    const int Places = 2;

    /// <summary>Narrower networks at most: they are all in memory. Shapes of few blocks are measured at fewer numbers.</summary>
    const int MostNetworks = 20;

    /// <summary>Numbers of heads, ascending.</summary>
    public static ImmutableArray<int> Heads(int all) => [.. Spread(all, Math.Min(all, MostHeads)).Append(Math.Min(all, 1)).Distinct().Order()];

    /// <summary>Numbers of neurons, ascending: some from none to all, and pairs of neighbours in the middle.</summary>
    public static ImmutableArray<int> Neurons(int all)
    {
        int first = Math.Max(0, (all / 2) - (Pairs * PairStride / 2)) / PairStride * PairStride;
        return [.. Spread(all, Math.Min(all, Coarse))
            .Concat(Enumerable.Range(0, Pairs).SelectMany(i => new[] { first + (i * PairStride), first + (i * PairStride) + 1 }).Where(n => n <= all))
            .Distinct().Order()];
    }

    /// <summary>Deals the numbers out to blocks.</summary>
    /// <param name="blocks">The network's.</param>
    /// <returns>Networks, the first of them as it is: heads and neurons of every block, [networks][depth].</returns>
    public static ImmutableArray<ImmutableArray<(int Heads, int Neurons)>> Deal(ImmutableArray<BlockShape> blocks)
    {
        (BlockShape Shape, int[] Blocks)[] shapes = [.. blocks.Select((shape, block) => (shape, block)).GroupBy(one => one.shape, one => one.block).Select(same => (same.Key, same.ToArray()))];
        int networks = Math.Min(MostNetworks, Places * shapes.Max(one => (Math.Max(Heads(one.Shape.Heads).Length, Neurons(one.Shape.Neurons).Length) + one.Blocks.Length - 1) / one.Blocks.Length));
        var widths = new (int Heads, int Neurons)[networks + 1][];
        widths[0] = [.. blocks.Select(block => (block.Heads, block.Neurons))];
        for (int i = 1; i <= networks; i++)
            widths[i] = new (int, int)[blocks.Length];
        var random = new Random(0);
        foreach ((BlockShape shape, int[] own) in shapes)
        {
            int slots = networks * own.Length;
            int[] heads = Slots(Heads(shape.Heads), slots, random), neurons = Slots(Neurons(shape.Neurons), slots, random);
            for (int slot = 0; slot < heads.Length; slot++)
                widths[1 + (slot / own.Length)][own[slot % own.Length]] = (heads[slot], neurons[slot]);
        }

        return [.. widths.Select(network => network.ToImmutableArray())];
    }

    /// <summary>Every number equally often, shuffled; evenly spread ones, from none to all, where there are too many.</summary>
    static int[] Slots(ImmutableArray<int> numbers, int slots, Random random)
    {
        if (numbers.Length > slots)
            numbers = [.. Spread(numbers[^1], slots - 1).Distinct()];
        int[] dealt = [.. Enumerable.Range(0, slots).Select(i => numbers[i % numbers.Length])];
        random.Shuffle(dealt);
        return dealt;
    }

    static IEnumerable<int> Spread(int all, int intervals) => Enumerable.Range(0, intervals + 1).Select(i => intervals == 0 ? 0 : (int)((long)i * all / intervals));
}
