using System.Collections.Immutable;
using Secateur.Evaluation.Structured;
using Secateur.Evaluation.Timing;
using Secateur.Models;
using Secateur.Models.Bert;
using Secateur.Models.Vit;

namespace Secateur.Cli.Commands.Timing;

/// <summary>Two networks timed in turn, each computing all tokens of the same pictures or texts.</summary>
/// <param name="Dense">The one.</param>
/// <param name="Other">What is timed against it, on the same threads.</param>
/// <param name="Sizes">How large each is.</param>
/// <param name="Data">What they were run on, for people.</param>
/// <param name="Series">What was measured at each batch size.</param>
internal sealed record NetworkBench(
    Transformer Dense, Transformer Other, (NetworkSize Dense, NetworkSize Other) Sizes, string Data, ImmutableArray<(int Batch, NetworkTiming Timing)> Series)
{
    /// <summary>Batches that take turns, as with plans.</summary>
    const int MostBatches = 8;

    /// <summary>Refuses networks that do not take the same.</summary>
    /// <exception cref="UsageException">They do not.</exception>
    public static void RequireSameInput(string named, Transformer dense, string against, Transformer other)
    {
        string? why = (dense, other) switch
        {
            (VisionTransformer a, VisionTransformer b) when (a.ImageSize, a.ImageLength) != (b.ImageSize, b.ImageLength) =>
                $"{named} looks at pictures of {Sides(a)}, and {against} at {Sides(b)}",
            (TextTransformer a, TextTransformer b) when a.Vocabulary != b.Vocabulary => $"{named} knows {a.Vocabulary} words, and {against} {b.Vocabulary}",
            (TextTransformer a, TextTransformer b) when a.Config.LongestText > b.Config.LongestText || a.Types > b.Types => $"{against} reads shorter texts than {named}, or fewer types of tokens",
            (VisionTransformer, VisionTransformer) or (TextTransformer, TextTransformer) => null,
            _ => $"one of {named} and {against} looks at pictures, and the other reads texts",
        };
        if (why is not null)
            throw new UsageException($"--against: {why}; only networks that take the same can be timed in turn.");

        static string Sides(VisionTransformer network) => $"{network.ImageLength / network.ImageSize.Height / network.ImageSize.Width} x {network.ImageSize.Height} x {network.ImageSize.Width}";
    }

    /// <summary>Times them at each batch size; stopped, what was measured until then is lost.</summary>
    /// <exception cref="InvalidDataException">Nothing can be read.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static NetworkBench Measure(
        Transformer dense, Transformer other, IExamples examples, ImmutableArray<int> sizes, TimingOptions options, Terminal terminal, CancellationToken cancellation)
    {
        int[] few = [.. CalibrationData.Spread(examples.Count, MostBatches)];
        var size = (NetworkSize.Of(dense, examples, few, cancellation), NetworkSize.Of(other, examples, few, cancellation));
        var series = ImmutableArray.CreateBuilder<(int, NetworkTiming)>();
        foreach (int batch in sizes)
        {
            ImmutableArray<ExampleBatch> batches = [.. Batches(examples, batch)];
            if (batches.IsEmpty)
                throw new InvalidDataException($"{examples.Name}: no {batch} {examples.What} that can be read stand together.");
            using var line = new ProgressLine(terminal, $"rounds at batch {batch}", 0);
            series.Add((batch, NetworkTimer.Measure(dense, other, batches, options, new TimedRounds(line), cancellation)));
        }

        return new(dense, other, size, examples.Name, series.ToImmutable());
    }

    /// <summary>Whether the other network is so much faster at every batch size, with 95% confidence.</summary>
    public bool Enough(double least) => Series.All(one => one.Timing.Faster && one.Timing.Speedup.Low >= least);

    // Where there are fewer examples than a batch takes, they begin again.
    static IEnumerable<ExampleBatch> Batches(IExamples examples, int size) =>
        Enumerable.Range(0, Math.Clamp(examples.Count / size, 1, MostBatches))
            .Select(batch => examples.Read(Enumerable.Range(batch * size, size).Select(i => i % examples.Count)))
            .Where(batch => batch.Count == size);
}
