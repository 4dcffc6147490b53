using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Secateur.Evaluation.Datasets;
using Secateur.Models.Bert;
using Secateur.Models.Text;

namespace Secateur.Evaluation.Accuracy;

/// <summary>Takes texts through a network as fast as the machine can: every thread of the network's pool turns a chunk of rows into tokens and runs
/// them together, without padding, then takes the next. What is answered depends neither on threads nor on chunks.</summary>
/// <param name="network">The network.</param>
/// <param name="tokenizer">Its tokenizer.</param>
/// <param name="table">The texts.</param>
/// <param name="batch">Texts in a chunk, which run together.</param>
public sealed class TextRun(TextTransformer network, ITokenizer tokenizer, TextTable table, int batch)
{
    /// <summary>Runs them all.</summary>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancellation">Stops between chunks.</param>
    /// <returns>The answers.</returns>
    /// <exception cref="InvalidDataException">The network classifies every token, or the tokenizer belongs to another network.</exception>
    /// <exception cref="OperationCanceledException">It was stopped before all were done.</exception>
    public TextAnswers Run(IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        if (network.Config.Task == TextTask.TokenClassification)
            throw new InvalidDataException($"{network.Architecture} classifies every token; a table has a label for each text. Networks that classify or score whole texts can be evaluated.");
        table.RequireFit(tokenizer, network);
        int rows = table.Rows.Length, done = 0, cut = 0;
        var logits = new float[checked(rows * network.Classes)];
        var tokens = new int[rows];
        new ChunkRun<Chunk>(
            [.. Enumerable.Range(0, (rows + batch - 1) / batch)],
            () => new(),
            (chunk, index) => chunk.Cut = Answer(index * batch, Math.Min(batch, rows - (index * batch)), logits, tokens, chunk),
            chunk =>
            {
                (done, cut) = (done + chunk.Count, cut + chunk.Cut);
                progress?.Report(done);
            },
            cancellation).Run(network.Threads);
        return new(table, ImmutableCollectionsMarshal.AsImmutableArray(logits), [.. tokens], Macs(tokens), cut);
    }

    int Answer(int first, int count, float[] logits, int[] tokens, Chunk chunk)
    {
        int longest = network.Config.LongestText, cut = 0;
        var texts = new TextTokens[count];
        for (int i = 0; i < count; i++)
        {
            texts[i] = table.Rows[first + i].Encode(tokenizer, int.MaxValue);
            if (texts[i].Ids.Length > longest)
            {
                texts[i] = table.Rows[first + i].Encode(tokenizer, longest);
                cut++;
            }

            tokens[first + i] = texts[i].Ids.Length;
        }

        network.Run(TextBatch.Of(texts), logits.AsSpan(first * network.Classes, count * network.Classes));
        chunk.Count = count;
        return cut;
    }

    /// <summary>Multiply-adds by length; many texts are as long.</summary>
    ImmutableArray<long> Macs(int[] tokens)
    {
        Dictionary<int, long> known = tokens.Distinct().ToDictionary(count => count, count =>
            network.OutsideMacsOf(count) + network.Blocks.Sum(block => block.AttentionMacs(count, network.Width, block.Heads) + block.MlpMacs(count, network.Width)));
        return [.. tokens.Select(count => known[count])];
    }

    sealed class Chunk
    {
        public int Count { get; set; }

        public int Cut { get; set; }
    }
}
