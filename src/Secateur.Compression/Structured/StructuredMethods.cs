using System.Collections.Immutable;
using Secateur.Compression.Structured.Allocate;
using Secateur.Compression.Structured.Correct;
using Secateur.Compression.Structured.Score;
using Secateur.Compression.Structured.Score.Optin;

namespace Secateur.Compression.Structured;

/// <summary>A way to score, to allocate or to correct, as the catalogue knows it.</summary>
/// <typeparam name="T">Which of the three.</typeparam>
/// <param name="Name">As the tool calls it.</param>
/// <param name="Title">As people call it.</param>
/// <param name="Citation">Where it comes from.</param>
/// <param name="Create">Makes it with its usual options.</param>
public sealed record StructuredMethod<T>(string Name, string Title, string Citation, Func<T> Create);

/// <summary>The catalogue: one line a method. The tool, the laws, the docs and the tables read these lists.</summary>
public static class StructuredMethods
{
    /// <summary>Every way to score heads and neurons.</summary>
    public static ImmutableArray<StructuredMethod<IScorer>> Scorers { get; } =
    [
        new("optin", "OPTIN, every unit masked and run", "Khaki and Plataniotis, The Need for Speed: Pruning Transformers with One Recipe, ICLR 2024, section 3", static () => new ExactOptin()),
        new("optin-fast", "OPTIN, estimated by a few ways back", "Khaki and Plataniotis, The Need for Speed: Pruning Transformers with One Recipe, ICLR 2024, section 3; estimated as in Hutchinson, 1990", static () => new FastOptin()),
        new("taylor", "First-order change of the loss", "Molchanov et al., Importance Estimation for Neural Network Pruning, CVPR 2019, section 3.1; Michel et al., Are Sixteen Heads Really Better than One?, NeurIPS 2019", static () => new Taylor()),
        new("fisher", "Fisher information of masks", "Kwon et al., A Fast Post-Training Pruning Framework for Transformers, NeurIPS 2022, section 4.1", static () => new Fisher()),
        new("activation-norm", "Weights times activation norms", "Sun et al., A Simple and Effective Pruning Approach for Large Language Models (Wanda), ICLR 2024, section 3", static () => new ActivationNorm()),
        new("fluctuation", "Fluctuation of contributions", "An et al., Fluctuation-based Adaptive Structured Pruning for Large Language Models (FLAP), AAAI 2024", static () => new Fluctuation()),
        new("magnitude", "Magnitude of weights", "Li et al., Pruning Filters for Efficient ConvNets, ICLR 2017, section 3.1", static () => new Magnitude()),
        new("random", "Random units", "what every score must beat", static () => new RandomUnits()),
    ];

    /// <summary>Every way to spend a budget.</summary>
    public static ImmutableArray<StructuredMethod<IAllocator>> Allocators { get; } =
    [
        new("mask-search", "Search over the number of heads", "Kwon et al., A Fast Post-Training Pruning Framework for Transformers, NeurIPS 2022, section 4.1", static () => new MaskSearch()),
        new("uniform", "The same share of every block", "The usual baseline; for one, Li et al., Pruning Filters for Efficient ConvNets, ICLR 2017, section 3.2", static () => new Uniform()),
        new("latency-aware", "Knapsack over measured times", "After Shen et al., Structural Pruning via Latency-Saliency Knapsack (HALP), NeurIPS 2022", static () => new LatencyAware()),
    ];

    /// <summary>Every way to make up for what is removed.</summary>
    public static ImmutableArray<StructuredMethod<ICorrector>> Correctors { get; } =
    [
        new("none", "Nothing", "No correction: the baseline of the others", static () => new Uncorrected()),
        new("bias", "Bias compensation", "An et al., Fluctuation-based Adaptive Structured Pruning for Large Language Models (FLAP), AAAI 2024", static () => new BiasCompensation()),
        new("rescale", "Least-squares scales", "Kwon et al., A Fast Post-Training Pruning Framework for Transformers, NeurIPS 2022, section 4.3", static () => new Rescale()),
        new("rescale-bias", "Least-squares scales and biases", "Kwon et al., NeurIPS 2022, section 4.3, keeping the intercept that it drops", static () => new Rescale(new() { Intercept = true })),
        new("rearrange", "Rearrangement", "Kwon et al., A Fast Post-Training Pruning Framework for Transformers, NeurIPS 2022, section 4.2", static () => new Rearrange()),
        new("kwon", "Rearrangement, then least-squares scales", "Kwon et al., A Fast Post-Training Pruning Framework for Transformers, NeurIPS 2022, sections 4.2 and 4.3", static () => new InTurn(new Rearrange(), new Rescale())),
    ];
}
