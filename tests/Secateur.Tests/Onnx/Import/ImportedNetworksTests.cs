using Secateur.Models.Bert;
using Secateur.Models.Checkpoints;
using Secateur.Models.Text;
using Secateur.Models.Vit;
using Secateur.Onnx.Import;
using Secateur.Tests.Bert;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Onnx.Import;

/// <summary>Files that PyTorch's exporter wrote, of timm's network and of small ones in the style of several libraries (Fixtures/onnx/make.py).</summary>
public sealed class ImportedNetworksTests
{
    // Sums in another order than PyTorch's, through a few blocks.
    const double Tolerance = 2e-5;

    [Theory]
    [InlineData("timm-vit-opset12")]
    [InlineData("timm-vit-opset14")]
    [InlineData("timm-vit-opset17")]
    public void The_weights_of_an_exported_network_are_those_it_had(string name)
    {
        var network = (VisionTransformer)OnnxImport.Load(Fixtures.Path($"onnx/{name}.onnx"));
        using SafetensorsFile weights = SafetensorsFile.Open(Fixtures.Path("onnx/timm-vit.safetensors"));
        var found = new List<string>();
        network.VisitWeights((weight, shape, read) =>
        {
            var values = new float[shape.Aggregate(1, (a, b) => a * b)];
            read(values);
            Assert.Equal(weights.Read(weight), values);
            found.Add(weight);
        });
        Assert.Equal(weights.Tensors.Keys.Order(), found.Order());
    }

    [Theory]
    [InlineData("timm-vit-opset12")]
    [InlineData("timm-vit-opset14")]
    [InlineData("timm-vit-opset17")]
    public void An_exported_network_of_timm_answers_as_timm(string name)
    {
        var network = (VisionTransformer)OnnxImport.Load(Fixtures.Path($"onnx/{name}.onnx"));
        using SafetensorsFile expected = SafetensorsFile.Open(Fixtures.Path("onnx/timm-vit-expected.safetensors"));
        Assert.InRange(TinyNetworks.Difference(expected.Read("logits"), network.Run(expected.Read("input"), expected.Tensors["input"].Shape[0])), 0, Tolerance);
    }

    [Theory]
    [InlineData("split-tanh-13")]
    [InlineData("mean-scaled-16")]
    [InlineData("distilled-11")]
    [InlineData("torchvision-14")]
    [InlineData("sdpa-14")]
    [InlineData("clip-17")]
    [InlineData("registers-swiglu-15")]
    [InlineData("no-class-token-12")]
    [InlineData("headless-unfolded-17")]
    public void Networks_of_pictures_answer_as_the_exporter_computed(string name)
    {
        var network = (VisionTransformer)OnnxImport.Load(Fixtures.Path($"onnx/{name}.onnx"));
        using SafetensorsFile expected = SafetensorsFile.Open(Fixtures.Path($"onnx/{name}.safetensors"));
        Assert.InRange(TinyNetworks.Difference(expected.Read("logits"), network.Run(expected.Read("input"), expected.Tensors["input"].Shape[0])), 0, Tolerance);
    }

    [Theory]
    [InlineData("bert-11")]
    [InlineData("bert-static-13")]
    [InlineData("bert-tokens-16")]
    [InlineData("roberta-14")]
    [InlineData("distilbert-17")]
    [InlineData("sentences-14")]
    [InlineData("pooler-15")]
    public void Networks_of_texts_answer_as_the_exporter_computed(string name)
    {
        var network = (TextTransformer)OnnxImport.Load(Fixtures.Path($"onnx/{name}.onnx"));
        using SafetensorsFile expected = SafetensorsFile.Open(Fixtures.Path($"onnx/{name}.safetensors"));
        float[] logits = network.Config.Task == TextTask.TokenClassification ? TextNetworks.Unpad(expected, "logits") : expected.Read("logits");
        Assert.InRange(TinyNetworks.Difference(logits, network.Run(TextBatch.Of(TextNetworks.Texts(expected)))), 0, Tolerance);
    }
}
