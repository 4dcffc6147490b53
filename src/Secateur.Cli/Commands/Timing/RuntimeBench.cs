using System.Collections.Immutable;
using Secateur.Evaluation.Datasets;
using Secateur.Evaluation.Timing;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Onnx.Runtime;
using Secateur.Onnx.Serving;

namespace Secateur.Cli.Commands.Timing;

/// <summary>Times this program's engine and ONNX Runtime in turn, dense and under the same plans.</summary>
internal static class RuntimeBench
{
    /// <summary>Refuses plans that the other runtime cannot run.</summary>
    /// <exception cref="UsageException">One cannot be a graph.</exception>
    public static void RequireGraphs(ImmutableArray<TokenPlan> plans)
    {
        foreach (TokenPlan plan in plans)
            if (OnnxRuntimeRunner.WhyNot(plan) is { } reason)
                throw new UsageException($"{plan.Name} cannot be timed in ONNX Runtime: {reason}");
    }

    /// <summary>Times them at each batch size.</summary>
    /// <returns>What was measured until it was done or stopped.</returns>
    public static ImmutableArray<RuntimeSeries> Measure(
        VisionTransformer network,
        (OnnxRuntimeLibrary Library, OnnxProvider Provider) other,
        IPictureSet pictures,
        ImmutableArray<TokenPlan> plans,
        ImmutableArray<int> sizes,
        TimingOptions options,
        Terminal terminal,
        CancellationToken cancellation)
    {
        var series = ImmutableArray.CreateBuilder<RuntimeSeries>();
        foreach (int size in sizes)
        {
            using var served = new OnnxRuntimeRunner(network, other.Library, other.Provider);
            using var line = new ProgressLine(terminal, $"rounds at batch {size}", 0);
            series.Add(RuntimeTimer.Measure(network, [new EngineRunner(network), served], [.. plans.Where(plan => !plan.Stages.IsEmpty)], pictures, size, options, new TimedRounds(line), cancellation));
            if (cancellation.IsCancellationRequested)
                break;
        }

        return series.ToImmutable();
    }

    /// <summary>Whether every plan is so much faster than dense in its own runtime, with 95% confidence.</summary>
    public static bool Enough(ImmutableArray<RuntimeSeries> series, double least) =>
        series.All(one => one.Timings.All(timing => timing.OverDense is not { } ratio || (one.Differs(ratio) && ratio.Low >= least)));
}
