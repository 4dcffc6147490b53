using Secateur.Models.Bert;
using Secateur.Models.Checkpoints;
using Secateur.Models.Text;
using Secateur.Models.Tokens;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Bert;

/// <summary>Every family and head against the reference framework's own answers.</summary>
public sealed class TextFamiliesTests
{
    // Sums in another order than the reference's, through three blocks with two norms each.
    const double Tolerance = 2e-5;

    public static TheoryData<string> Families() => [.. Directory.GetDirectories(Fixtures.Path("text-networks")).Select(folder => Path.GetFileName(folder)!).Order()];

    public static TheoryData<string, TextFamily, TextTask, TextPooling> Kinds => new()
    {
        { "bert-regression", TextFamily.Bert, TextTask.Regression, TextPooling.Pooler },
        { "bert-tokens", TextFamily.Bert, TextTask.TokenClassification, TextPooling.FirstToken },
        { "bert-plain-old-names", TextFamily.Bert, TextTask.Embedding, TextPooling.Pooler },
        { "roberta-classifier", TextFamily.Roberta, TextTask.Classification, TextPooling.FirstToken },
        { "roberta-tokens", TextFamily.Roberta, TextTask.TokenClassification, TextPooling.FirstToken },
        { "roberta-cls", TextFamily.Roberta, TextTask.Embedding, TextPooling.FirstToken },
        { "distilbert-classifier", TextFamily.DistilBert, TextTask.Classification, TextPooling.FirstToken },
        { "distilbert-plain", TextFamily.DistilBert, TextTask.Embedding, TextPooling.Mean },
        { "minilm-mean", TextFamily.Bert, TextTask.Embedding, TextPooling.Mean },
    };

    [Theory]
    [MemberData(nameof(Families))]
    public void Tokens_and_answers_are_those_of_the_reference(string family)
    {
        TextTransformer network = TextNetworks.Load($"text-networks/{family}");
        using SafetensorsFile expected = TextNetworks.Expected($"text-networks/{family}");
        var batch = TextBatch.Of(TextNetworks.Texts(expected));
        float[] answers = new float[network.Answers(batch) * network.Classes], wanted = expected.Tensors["logits"].Shape.Length == 3 ? TextNetworks.Unpad(expected, "logits") : expected.Read("logits");
        var last = new LastTokens(network.Depth - 1);
        network.Run(batch, answers, last);
        Assert.True(TinyNetworks.Difference(TextNetworks.Unpad(expected, "tokens"), last.Tokens) < Tolerance, $"{family}: tokens differ by {TinyNetworks.Difference(TextNetworks.Unpad(expected, "tokens"), last.Tokens):g3}");
        Assert.True(TinyNetworks.Difference(wanted, answers) < Tolerance, $"{family}: answers differ by {TinyNetworks.Difference(wanted, answers):g3}");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_checkpoint_says_what_it_is(string name, TextFamily family, TextTask task, TextPooling pooling)
    {
        TextConfig config = TextNetworks.Load($"text-networks/{name}").Config;
        Assert.Equal((family, task, pooling), (config.Family, config.Task, config.Pooling));
    }

    [Fact]
    public void Labels_positions_and_pooling_are_read()
    {
        Assert.Equal(["label a", "label b", "label c"], TextNetworks.Load("text-networks/roberta-classifier").Config.Labels.ToArray());
        // 24 position embeddings; RoBERTa's texts begin at the third.
        Assert.Equal(24, TextNetworks.Load("text-networks/bert-regression").Config.LongestText);
        Assert.Equal(22, TextNetworks.Load("text-networks/roberta-classifier").Config.LongestText);
        TextConfig sentences = TextNetworks.Load("text-networks/minilm-mean").Config;
        Assert.Equal((22, true), (sentences.LongestText, sentences.Normalise));
        Assert.False(TextNetworks.Load("text-networks/roberta-cls").Config.Normalise);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void What_lies_outside_of_blocks_is_counted_as_it_is_multiplied(string family)
    {
        TextTransformer network = TextNetworks.Load($"text-networks/{family}");
        // Every matrix of the head multiplies one row a text, or one a token where each is classified; embeddings are looked up.
        long head = 0;
        network.VisitWeights((name, shape, _) => head += name is "pooler.weight" or "pre_logits.weight" or "head.weight" ? (long)shape[0] * shape[1] : 0);
        bool each = network.Config.Task == TextTask.TokenClassification;
        Assert.Equal(each ? 0 : head, network.OutsideMacs);
        Assert.Equal(each ? 7 * head : head, network.OutsideMacsOf(7));
    }

    sealed class LastTokens(int last) : RunObserver
    {
        public float[] Tokens { get; private set; } = [];

        public override void OnBlock(int block, TokenRows tokens)
        {
            if (block == last)
                Tokens = [.. Enumerable.Range(0, tokens.Count).SelectMany(i => tokens.Rows.Row(i).ToArray())];
        }
    }
}
