using System.Collections.Immutable;
using Secateur.Evaluation.Datasets;
using Secateur.Models;
using Secateur.Models.Bert;
using Secateur.Models.Text;
using Secateur.Models.Tokens;

namespace Secateur.Evaluation.Structured;

/// <summary>Texts as examples for encoders of texts.</summary>
/// <param name="name">For people: what they are and how many.</param>
/// <param name="texts">Each as the network reads it.</param>
/// <param name="labels">The class of each; empty where there are none.</param>
public sealed class TextExamples(string name, ImmutableArray<TextTokens> texts, ImmutableArray<int> labels) : IExamples
{
    /// <summary>The texts of a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="tokenizer">The network's.</param>
    /// <param name="network">Who will read them.</param>
    /// <returns>All of them; with labels where those are classes.</returns>
    /// <exception cref="InvalidDataException">The tokenizer belongs to another network.</exception>
    public static TextExamples Of(TextTable table, ITokenizer tokenizer, TextTransformer network)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(network);
        table.RequireFit(tokenizer, network);
        bool classes = table.Labelled && network.Config.Task == TextTask.Classification;
        return new(
            table.Name,
            [.. table.Rows.Select(row => row.Encode(tokenizer, network.Config.LongestText))],
            classes ? [.. table.Rows.Select(row => (int)row.Label)] : []);
    }

    /// <summary>Words drawn by a seed: enough to time what does not depend on what is read.</summary>
    /// <param name="network">Who reads them.</param>
    /// <param name="count">How many texts.</param>
    /// <param name="length">Tokens of each, if the network takes as many.</param>
    /// <returns>The texts.</returns>
    public static TextExamples Noise(TextTransformer network, int count, int length = 32)
    {
        ArgumentNullException.ThrowIfNull(network);
        var random = new Random(0);
        int tokens = Math.Min(length, network.Config.LongestText);
        return new(
            $"{count} texts of {tokens} random words",
            [.. Enumerable.Range(0, count).Select(_ => new TextTokens([.. Enumerable.Range(0, tokens).Select(_ => random.Next(network.Vocabulary))], []))],
            []);
    }

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string What => "texts";

    /// <inheritdoc/>
    public int Count => texts.Length;

    /// <inheritdoc/>
    public bool Labelled => !labels.IsEmpty;

    /// <inheritdoc/>
    public ExampleBatch Read(IEnumerable<int> which)
    {
        int[] indices = [.. which];
        return new Batch(indices.Length == 0 ? null : TextBatch.Of([.. indices.Select(i => texts[i])]), [.. indices.Select(i => Labelled ? labels[i] : PictureEntry.NoLabel)]);
    }

    sealed record Batch(TextBatch? Texts, ImmutableArray<int> Labels) : ExampleBatch(Labels)
    {
        public override TokenRows Embed(Transformer network) => ((TextTransformer)network).Embed(Texts!);

        public override float[] Run(Transformer network) => ((TextTransformer)network).Run(Texts!);
    }
}
