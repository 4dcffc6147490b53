using Secateur.Evaluation.Structured;
using Secateur.Models;
using Secateur.Models.Tokens;

namespace Secateur.Benchmarks.Structure;

/// <summary>Examples that are read once, and answered once by the network that all others are compared with.</summary>
/// <param name="examples">The examples, all of which have room.</param>
/// <param name="dense">That network.</param>
internal sealed class KeptExamples(IExamples examples, Transformer dense) : IExamples
{
    readonly Dictionary<string, Kept> batches = [];

    public string Name => examples.Name;

    public string What => examples.What;

    public int Count => examples.Count;

    public bool Labelled => examples.Labelled;

    public ExampleBatch Read(IEnumerable<int> which)
    {
        int[] indices = [.. which];
        string key = string.Join(',', indices);
        if (!batches.TryGetValue(key, out Kept? kept))
            batches.Add(key, kept = new(examples.Read(indices), dense));
        return kept;
    }

    sealed record Kept(ExampleBatch Batch, Transformer Dense) : ExampleBatch(Batch.Labels)
    {
        float[]? answers;

        public override TokenRows Embed(Transformer network) => Batch.Embed(network);

        public override float[] Run(Transformer network) => network == Dense ? answers ??= Batch.Run(network) : Batch.Run(network);
    }
}
