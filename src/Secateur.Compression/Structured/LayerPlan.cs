using System.Collections.Immutable;

namespace Secateur.Compression.Structured;

/// <summary>What stays of one block, and what makes up for the rest.</summary>
/// <param name="Heads">Heads that stay, ascending; may be none.</param>
/// <param name="Neurons">Neurons that stay, ascending; may be none.</param>
public sealed record LayerPlan(ImmutableArray<int> Heads, ImmutableArray<int> Neurons)
{
    /// <summary>Multiplied into what each kept head adds, [<see cref="Heads"/>]; empty for ones.</summary>
    public ImmutableArray<float> HeadScales { get; init; } = [];

    /// <summary>Multiplied into what each kept neuron adds, [<see cref="Neurons"/>]; empty for ones.</summary>
    public ImmutableArray<float> NeuronScales { get; init; } = [];

    /// <summary>Added to the bias of the attention's projection, [width]; empty for zeros.</summary>
    public ImmutableArray<float> AttentionBias { get; init; } = [];

    /// <summary>Added to the bias of the MLP's second product, [width]; empty for zeros.</summary>
    public ImmutableArray<float> MlpBias { get; init; } = [];
}
