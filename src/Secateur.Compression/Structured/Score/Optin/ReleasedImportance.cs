namespace Secateur.Compression.Structured.Score.Optin;

/// <summary>How OPTIN's released code puts the parts of a score together. It differs from the paper: the divergence is scaled by whole decades
/// towards lambda times the manifold loss, and scores are multiplied by factors of the block and, for language, of the unit's index.</summary>
/// <param name="language">Whether the network is a language one; the code for vision differs.</param>
/// <param name="lambda">The wanted ratio of the divergence to the manifold loss.</param>
internal sealed class ReleasedImportance(bool language, double lambda)
{
    /// <summary>Scores of heads.</summary>
    public float[][] OfHeads(UnitEffect?[][] effects) => Of(
        effects, fallsBack: true, (last, head, heads) => language ? Geometric(10, head, heads) * (last ? 0.5 : 1) * 0.5 : 1);

    /// <summary>Scores of neurons.</summary>
    public float[][] OfNeurons(UnitEffect?[][] effects) => Of(
        effects, fallsBack: language, (last, neuron, neurons) => language ? Geometric(100, neuron, neurons) * (last ? 0.5 : 1) : last ? 1e-4 : 1);

    /// <summary>Units in order: those whose divergence is the larger part take the mean of the scales before them.</summary>
    float[][] Of(UnitEffect?[][] effects, bool fallsBack, Func<bool, int, int, double> factor)
    {
        List<double> scales = [];
        return [.. effects.Select((units, block) => units.Select((unit, i) => unit is null ? 0 : (float)(Sum(unit, block) * factor(block == effects.Length - 1, i, units.Length))).ToArray())];

        double Sum(UnitEffect unit, int block)
        {
            // The last block has no later one; its own feature counts there.
            double manifold = block == effects.Length - 1 ? unit.Manifold[block] : unit.Later(block), scale = fallsBack && scales.Count > 0 ? scales.Average() : 1;
            if (manifold > unit.Answer && unit.Answer > 0)
            {
                scale = Math.Pow(10, Math.Truncate(Math.Log10(manifold) - Math.Log10(unit.Answer) + Math.Log10(lambda)));
                scales.Add(scale);
            }

            return manifold + (scale * unit.Answer);
        }
    }

    /// <summary>From <paramref name="start"/> down to 1 in equal ratios.</summary>
    static double Geometric(double start, int index, int count) => count == 1 ? start : Math.Pow(start, 1 - (index / (count - 1.0)));
}
