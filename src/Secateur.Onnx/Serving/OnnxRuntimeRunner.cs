using Secateur.Evaluation.Timing;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Onnx.Export;
using Secateur.Onnx.Export.Tokens;
using Secateur.Onnx.Runtime;

namespace Secateur.Onnx.Serving;

/// <summary>A network in ONNX Runtime, under plans that are exported. For one thread at a time.</summary>
/// <param name="network">The network; as many threads as it has are used.</param>
/// <param name="library">The runtime.</param>
/// <param name="provider">What it computes on.</param>
public sealed class OnnxRuntimeRunner(VisionTransformer network, OnnxRuntimeLibrary library, OnnxProvider provider) : IPlanRunner, IDisposable
{
    readonly Dictionary<(TokenPlan Plan, int Batch), ServedPlan> plans = [];
    readonly Dictionary<float[], OnnxTensor> pictures = new(ReferenceEqualityComparer.Instance);
    readonly List<OnnxBinding> bindings = [];

    /// <inheritdoc/>
    public string Runtime => ServedRuntime.Name(library, provider);

    /// <inheritdoc/>
    public TimeSpan StaysAwake => ServedPlan.StaysAwake;

    /// <summary>Why a plan cannot be run here.</summary>
    /// <param name="plan">The plan.</param>
    /// <returns>The reason, and what to choose instead; null where it can.</returns>
    public static string? WhyNot(TokenPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        try
        {
            foreach (TokenStage stage in plan.Stages)
                TokenGraphs.For(stage.Reducer);
            return null;
        }
        catch (OnnxExportException e)
        {
            return e.Message;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="OnnxExportException">The plan cannot be a graph.</exception>
    /// <exception cref="OnnxRuntimeException">The runtime cannot open or run it.</exception>
    public Action<int> Ready(TokenPlan plan, int batch, IReadOnlyList<float[]> inputs)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(inputs);
        if (!plans.TryGetValue((plan, batch), out ServedPlan? served))
            plans[(plan, batch)] = served = new(network, plan, batch, library, provider, spins: true);
        OnnxBinding[] runs = [.. inputs.Select(input => served.Bind(Of(input, batch), out _))];
        bindings.AddRange(runs);
        return input => runs[input].Run();
    }

    /// <summary>Closes all that was opened.</summary>
    public void Dispose()
    {
        bindings.ForEach(binding => binding.Dispose());
        foreach (ServedPlan plan in plans.Values)
            plan.Dispose();
        bindings.Clear();
        plans.Clear();
        pictures.Clear();
    }

    OnnxTensor Of(float[] input, int batch)
    {
        if (!pictures.TryGetValue(input, out OnnxTensor? tensor))
        {
            pictures[input] = tensor = ServedPlan.Pictures(network, batch);
            input.CopyTo(tensor.Values<float>());
        }

        return tensor;
    }
}
