namespace Secateur.Compression.Structured.Score.Optin;

/// <summary>What <see cref="ProbeSums"/> leaves out of the neurons' manifold losses, as one factor: a few neurons, spread over the blocks, are masked
/// and run. Without it neurons would come out too low beside heads, which are scored exactly.</summary>
internal static class NeuronScale
{
    /// <summary>The neurons to run: of blocks evenly from the first to the last but one (after which there is no loss to measure), the neuron of middle
    /// rank.</summary>
    /// <param name="estimated">Of all neurons.</param>
    /// <param name="count">How many.</param>
    public static HashSet<(int Block, int Neuron)> Spread(UnitLoss[][] estimated, int count)
    {
        int[] blocks = [.. Enumerable.Range(0, Math.Max(0, estimated.Length - 1)).Where(block => estimated[block].Length > 0)];
        int taken = Math.Min(count, blocks.Length);
        return [.. Enumerable.Range(0, taken).Select(i => blocks[((2 * i) + 1) * blocks.Length / (2 * taken)]).Select(block => (block, Middle(estimated[block])))];
    }

    /// <summary>The median of exact over estimated losses.</summary>
    /// <param name="spread">The neurons that were run.</param>
    /// <param name="exact">What came of that.</param>
    /// <param name="estimated">Of all neurons.</param>
    /// <returns>The factor; 1 where nothing could be measured.</returns>
    public static double Of(HashSet<(int Block, int Neuron)> spread, UnitEffects exact, UnitLoss[][] estimated)
    {
        double[] ratios = [.. from unit in spread
                              let estimate = estimated[unit.Block][unit.Neuron].Manifold
                              let found = exact.Neurons[unit.Block][unit.Neuron]!.Later(unit.Block)
                              where estimate > 0 && found > 0
                              orderby found / estimate
                              select found / estimate];
        return ratios.Length == 0 ? 1 : (ratios[(ratios.Length - 1) / 2] + ratios[ratios.Length / 2]) / 2;
    }

    static int Middle(UnitLoss[] block) => Enumerable.Range(0, block.Length).OrderBy(neuron => block[neuron].Manifold).ElementAt(block.Length / 2);
}
