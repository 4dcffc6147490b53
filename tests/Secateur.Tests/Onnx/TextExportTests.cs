using System.Collections.Immutable;
using Secateur.Compression.Structured;
using Secateur.Models.Bert;
using Secateur.Models.Checkpoints;
using Secateur.Models.Text;
using Secateur.Onnx.Export;
using Secateur.Onnx.Runtime;
using Secateur.Tests.Bert;

namespace Secateur.Tests.Onnx;

/// <summary>Encoders of texts as graphs answer padded texts in ONNX Runtime as they answer ragged ones here.</summary>
public sealed class TextExportTests
{
    public static TheoryData<string> Networks() => [.. Directory.GetDirectories(Fixtures.Path("text-networks")).Select(folder => $"text-networks/{Path.GetFileName(folder)}").Append("tiny-bert").Order()];

    [SkippableTheory]
    [MemberData(nameof(Networks))]
    public void Every_family_and_head_answers_as_here_with_any_padding(string name)
    {
        TextTransformer network = TextNetworks.Load(name);
        ImmutableArray<TextTokens> texts = Texts(name);
        int longest = texts.Max(text => text.Ids.Length);
        float[] expected = network.Run(TextBatch.Of(texts));
        using OnnxSession any = GraphRuns.Open(OnnxExport.Text(network));
        RequireSame(network, texts, expected, any, longest);
        RequireSame(network, texts, expected, any, network.Config.LongestText);
        using OnnxSession given = GraphRuns.Open(OnnxExport.Text(network, new() { Opset = 21, Batch = texts.Length, Sequence = longest }));
        RequireSame(network, texts, expected, given, longest);
    }

    [SkippableFact]
    public void Blocks_may_have_lost_heads_and_neurons()
    {
        TextTransformer network = TextNetworks.Load("tiny-bert");
        StructurePlan plan = StructurePlan.Whole(network);
        plan = plan with { Layers = plan.Layers.SetItem(0, plan.Layers[0] with { Heads = [1], Neurons = [0, 3, 4] }).SetItem(1, plan.Layers[1] with { Heads = [], Neurons = [] }) };
        var pruned = (TextTransformer)Surgeon.Apply(network, plan);
        ImmutableArray<TextTokens> texts = Texts("tiny-bert");
        using OnnxSession session = GraphRuns.Open(OnnxExport.Text(pruned));
        RequireSame(pruned, texts, pruned.Run(TextBatch.Of(texts)), session, texts.Max(text => text.Ids.Length));
    }

    [Fact]
    public void Token_types_are_asked_for_only_by_networks_that_look_at_them()
    {
        Assert.Equal(3, OnnxExport.Text(TextNetworks.Load("tiny-bert")).Inputs.Length);
        Assert.Equal(["input_ids int64 [batch, sequence]", "attention_mask int64 [batch, sequence]"], OnnxExport.Text(TextNetworks.Load("text-networks/distilbert-plain")).Inputs.ToArray());
        Assert.Equal(2, OnnxExport.Text(TextNetworks.Load("text-networks/roberta-classifier")).Inputs.Length);
    }

    static ImmutableArray<TextTokens> Texts(string name)
    {
        using SafetensorsFile expected = TextNetworks.Expected(name);
        return TextNetworks.Texts(expected);
    }

    static void RequireSame(TextTransformer network, ImmutableArray<TextTokens> texts, float[] expected, OnnxSession session, int length)
    {
        float[] answers = GraphRuns.Run(session, texts, length);
        if (network.Config.Task == TextTask.TokenClassification)
            answers = [.. texts.SelectMany((text, s) => answers.AsSpan(s * length * network.Classes, text.Ids.Length * network.Classes).ToArray())];
        VisionExportTests.RequireClose(expected, answers);
    }
}
