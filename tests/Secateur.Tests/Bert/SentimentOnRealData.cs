using Secateur.Models.Bert;
using Secateur.Models.Checkpoints;
using Secateur.Models.Text;
using Secateur.Tests.Vit;
using Xunit.Abstractions;

namespace Secateur.Tests.Bert;

/// <summary>A trained network on sentences that were written by people.</summary>
public sealed class SentimentOnRealData(ITestOutputHelper output)
{
    [SkippableFact]
    public void Logits_of_872_sentences_are_the_references_and_714_are_right()
    {
        TextTransformer network = TextTransformer.Load(RealData.Path("bert-sst2"));
        using SafetensorsFile expected = SafetensorsFile.Open(RealData.Path("bert-sst2/expected-test.safetensors"));
        string[] labels = [.. File.ReadLines(RealData.Path("sst2/test.tsv")).Skip(1).Select(line => line.Split('\t')[1])];
        TextTokens[] texts = Texts(expected);
        Assert.Equal((872, 872), (texts.Length, labels.Length));
        float[] logits = [.. texts.Chunk(100).SelectMany(some => network.Run(TextBatch.Of(some)))];
        output.WriteLine($"largest difference of logits: {TinyNetworks.Difference(expected.Read("logits"), logits):g3} of the largest");
        // Sums in another order than the reference's.
        Assert.InRange(TinyNetworks.Difference(expected.Read("logits"), logits), 0, 2e-5);
        Assert.Equal(714, Enumerable.Range(0, 872).Count(i => (logits[(2 * i) + 1] > logits[2 * i]) == (labels[i] == "1")));
        Assert.Equal(["negative", "positive"], network.Config.Labels.ToArray());
    }

    static TextTokens[] Texts(SafetensorsFile expected)
    {
        int longest = expected.Tensors["input_ids_padded_with_0"].Shape[1];
        var ids = new long[expected.Tensors["input_ids_padded_with_0"].Length];
        expected.ReadInt64("input_ids_padded_with_0", ids);
        return [.. ids.Chunk(longest).Select(row => new TextTokens([.. row.Where(id => id != 0).Select(id => (int)id)], []))];
    }
}
