using Secateur.Compression.Structured;
using Secateur.Models;
using Secateur.Models.Bert;
using Secateur.Models.Text;
using Secateur.Models.Tokens;
using Secateur.Models.Vit;
using Secateur.Tests.Bert;
using Secateur.Tests.Vit;

namespace Secateur.Tests.Structured;

/// <summary>Small networks of every kind of embedding, block and head, for what goes back through them.</summary>
internal static class GradientNetworks
{
    /// <summary>What they are called.</summary>
    public static TheoryData<string> Names => ["tiny-vit", "tiny-deit-distilled", "tiny-dinov2-registers", "odd-vit", "timm/augreg-vit", "timm/mae-avg-pool", "timm/dinov2-giant-swiglu", "timm/deit-distilled", "timm/no-class-token", "timm/clip-tower",
        "bert-pooler", "bert-mean-normalised", "bert-each-token", "bert-rectified", "bert-tanh", "bert-pooler-and-tanh"];

    /// <summary>The network, and the tokens of two pictures or texts.</summary>
    public static Transformer Load(string name, out TokenRows tokens)
    {
        if (name.StartsWith("bert-", StringComparison.Ordinal))
        {
            TextTransformer text = Text(name);
            tokens = text.Embed(TextBatch.Of([new([5, 6, 7, 8, 9], [0, 0, 0, 1, 1]), new([11, 12, 13], [0, 0, 0])]));
            return text;
        }

        VisionTransformer network = name.Contains('/') ? VisionTransformer.Load(Fixtures.Path(name)) : TinyNetworks.Load(name);
        tokens = Tokens(network);
        return network;
    }

    /// <summary>One set of weights under every head.</summary>
    static TextTransformer Text(string name)
    {
        TextTransformer bert = TextNetworks.Load("tiny-bert");
        var weights = new PrunedWeights();
        bert.VisitWeights((weight, shape, read) => weights.Add(weight, shape, read));
        TextConfig config = bert.Config;
        switch (name)
        {
            case "bert-mean-normalised":
                config = config with { Task = TextTask.Embedding, Pooling = TextPooling.Mean, Normalise = true };
                break;
            case "bert-each-token":
                config = config with { Task = TextTask.TokenClassification, Pooling = TextPooling.FirstToken };
                break;
            case "bert-rectified" or "bert-tanh" or "bert-pooler-and-tanh":
                float[] product = bert.ReadWeight("blocks.0.attn.proj.weight");
                weights.Add("pre_logits.weight", [bert.Width, bert.Width], product.CopyTo);
                config = config with { Family = name == "bert-rectified" ? TextFamily.DistilBert : TextFamily.Bert, Pooling = name == "bert-pooler-and-tanh" ? TextPooling.Pooler : TextPooling.FirstToken };
                break;
        }

        return new(config, weights);
    }

    /// <summary>The tokens of two pictures of noise.</summary>
    public static TokenRows Tokens(VisionTransformer network)
    {
        var random = new Random(3);
        return network.Embed([.. Enumerable.Range(0, 2 * network.ImageLength).Select(_ => (float)((random.NextDouble() * 2) - 1))], 2);
    }
}
