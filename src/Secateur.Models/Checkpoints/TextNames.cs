using System.Collections.Immutable;
using System.Globalization;
using Secateur.Models.Bert;
using Secateur.Models.Checkpoints.Layouts;

namespace Secateur.Models.Checkpoints;

/// <summary>What Hugging Face calls a weight of ours, where queries, keys and values lie apart.</summary>
internal static class TextNames
{
    /// <summary>The tensors that a weight is written as.</summary>
    /// <param name="config">Whose it is.</param>
    /// <param name="name">Our name.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="read">Writes its numbers.</param>
    /// <param name="type">How the numbers are kept.</param>
    public static IEnumerable<OutputTensor> Split(TextConfig config, string name, ImmutableArray<int> shape, Action<Span<float>> read, TensorType type)
    {
        WeightLayout layout = config.Family == TextFamily.DistilBert ? new DistilBertLayout() : new BertLayout();
        int last = name.LastIndexOf('.');
        string layer = name[..last], suffix = name[last..];
        if (!layer.StartsWith("blocks.", StringComparison.Ordinal))
            return [OutputTensor.Floats(Outer(config, layout, layer) + suffix, shape, read, type)];
        int dot = layer.IndexOf('.', 7);
        string block = Root(config) + layout.Blocks + int.Parse(layer.AsSpan(7, dot - 7), NumberStyles.None, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
        Stem[] stems = [.. layout.Inner.Where(stem => stem.To == layer[(dot + 1)..])];
        int parts = stems[0].Parts;
        return stems.Select(stem => OutputTensor.Floats($"{block}.{stem.From}{suffix}", shape.SetItem(0, shape[0] / parts), to => Part(read, to, stem.Part, parts), type));
    }

    /// <summary>What stands before every name but those of heads; nothing where there is no head.</summary>
    static string Root(TextConfig config) => config.Task == TextTask.Embedding ? "" : config.Family switch
    {
        TextFamily.Roberta => "roberta.",
        TextFamily.DistilBert => "distilbert.",
        _ => "bert.",
    };

    static string Outer(TextConfig config, WeightLayout layout, string layer) => layer switch
    {
        "head" => config.Family == TextFamily.Roberta && config.Task != TextTask.TokenClassification ? "classifier.out_proj" : "classifier",
        "pre_logits" => layout.Heads.First(stem => stem.To == layer).From,
        _ => Root(config) + layout.Outer.First(stem => stem.To == layer).From,
    };

    static void Part(Action<Span<float>> read, Span<float> to, int part, int parts)
    {
        if (parts == 1)
        {
            read(to);
            return;
        }

        var all = new float[to.Length * parts];
        read(all);
        all.AsSpan(part * to.Length, to.Length).CopyTo(to);
    }
}
