using Secateur.Evaluation.Structured;
using Secateur.Models;
using Secateur.Models.Bert;
using Secateur.Tests.Bert;

namespace Secateur.Tests.Structured;

public sealed class AnswerKindTests
{
    [Theory]
    [InlineData("tiny-bert", AnswerKind.Classes)]
    [InlineData("text-networks/bert-tokens", AnswerKind.Classes)]
    [InlineData("text-networks/bert-regression", AnswerKind.Numbers)]
    [InlineData("text-networks/minilm-mean", AnswerKind.Embedding)]
    public void A_network_says_what_its_answers_are(string name, AnswerKind kind) => Assert.Equal(kind, TextNetworks.Load(name).AnswerKind);

    [Fact]
    public void Several_scores_are_numbers_and_no_classes()
    {
        TextTransformer classes = TextNetworks.Load("tiny-bert");
        var weights = new Compression.Structured.PrunedWeights();
        classes.VisitWeights((name, shape, read) => weights.Add(name, shape, read));
        var scores = new TextTransformer(classes.Config with { Task = TextTask.Regression }, weights);
        Assert.Equal((3, AnswerKind.Numbers), (scores.Classes, scores.AnswerKind));
        NetworkComparison same = NetworkComparison.Measure(scores, scores, TextExamples.Noise(scores, 3), [0, 1, 2]);
        Assert.Equal((null, null), (same.Same, same.Divergence));
        Assert.Equal(1, same.Correlation, 1e-9);
    }
}
