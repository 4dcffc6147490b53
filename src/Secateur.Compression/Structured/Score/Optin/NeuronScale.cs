namespace Secateur.Compression.Structured.Score.Optin;

/// <summary>What <see cref="ProbeSums"/> leaves out of the neurons' manifold losses, as one factor: a few neurons, spread over the blocks, are masked
/// and run. Without it neurons would come out too low beside heads, which are scored exactly.</summary>
internal static class NeuronScale
{
    /// <summary>The median of exact over estimated losses.</summary>
    /// <param name="calibration">The network and what it looks at.</param>
    /// <param name="estimated">Of all neurons.</param>
    /// <param name="measured">How many neurons are run.</param>
    /// <param name="options">Say what is estimated.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The factor; 1 where nothing could be measured.</returns>
    public static double Measure(Calibration calibration, UnitLoss[][] estimated, int measured, OptinOptions options, CancellationToken cancellation)
    {
        HashSet<(int Block, int Neuron)> spread = Spread(estimated, measured);
        UnitEffects exact = new ExactOptin(options).Measure(calibration, new(static (_, _) => false, (block, neuron) => spread.Contains((block, neuron))), null, cancellation);
        double[] ratios = [.. from unit in spread
                              let estimate = estimated[unit.Block][unit.Neuron].Manifold
                              let found = exact.Neurons[unit.Block][unit.Neuron]!.Later(unit.Block)
                              where estimate > 0 && found > 0
                              orderby found / estimate
                              select found / estimate];
        return ratios.Length == 0 ? 1 : (ratios[(ratios.Length - 1) / 2] + ratios[ratios.Length / 2]) / 2;
    }

    // Of blocks evenly from the first to the last but one (after which there is no loss to measure), the neuron of middle rank.
    static HashSet<(int Block, int Neuron)> Spread(UnitLoss[][] estimated, int count)
    {
        int[] blocks = [.. Enumerable.Range(0, Math.Max(0, estimated.Length - 1)).Where(block => estimated[block].Length > 0)];
        int taken = Math.Min(count, blocks.Length);
        return [.. Enumerable.Range(0, taken).Select(i => blocks[((2 * i) + 1) * blocks.Length / (2 * taken)]).Select(block => (block, Middle(estimated[block])))];
    }

    static int Middle(UnitLoss[] block) => Enumerable.Range(0, block.Length).OrderBy(neuron => block[neuron].Manifold).ElementAt(block.Length / 2);
}
