using System.Collections.Immutable;
using Secateur.Models.Checkpoints;
using Secateur.Onnx.Schema;

namespace Secateur.Onnx.Import.Text;

/// <summary>The text that a graph is tried with: a few words of a number each that no row of positions or types has, so that what they are looked up in is known by what is
/// looked up; and a mask that leaves out the last of them.</summary>
internal sealed record TextTrial
{
    const int UsualLength = 5, MostTokens = 1 << 14, MostTypes = 8;

    /// <summary>The words' input.</summary>
    public required ValueInfoProto Words { get; init; }

    /// <summary>Token types' input; null where it has none.</summary>
    public ValueInfoProto? Types { get; init; }

    /// <summary>How many types there are.</summary>
    public int TypeRows { get; init; }

    /// <summary>Positions' input; null where it has none.</summary>
    public ValueInfoProto? Positions { get; init; }

    /// <summary>The padding mask's; null where it has none.</summary>
    public ValueInfoProto? Mask { get; init; }

    /// <summary>[texts, tokens].</summary>
    public required ImmutableArray<int> Shape { get; init; }

    /// <summary>Whether the graph takes texts of this length alone.</summary>
    public required bool Fixed { get; init; }

    /// <summary>Tokens of each text.</summary>
    public int Length => Shape[1];

    /// <summary>Words that are looked up, for each place of a text.</summary>
    public double Word(int place) => 3 + (place * 2 % 5);

    /// <summary>Types that are looked up.</summary>
    public double TypeAt(int place) => TypeRows > 1 && place % 3 == 1 ? 1 : 0;

    /// <summary>Whether a place is padding in the second trial.</summary>
    public bool IsPadding(int place) => Mask is not null && place >= Length - Math.Max(1, Length / 3);

    /// <summary>Finds out which input is what, by what is looked up with it.</summary>
    /// <param name="source">The file.</param>
    /// <exception cref="CheckpointException">Nothing looks words up, or there is an input too many.</exception>
    public static TextTrial Of(OnnxSource source)
    {
        var producers = new Dictionary<string, NodeProto>();
        foreach (NodeProto node in source.Operators)
            foreach (string output in node.Output)
                producers.TryAdd(output, node);
        Dictionary<string, int> lookups = [];
        foreach (NodeProto node in source.Operators.Where(node => node.OpType == "Gather" && node.Input.Count == 2))
            if (source.Stored.GetValueOrDefault(node.Input[0]) is { Floating: true, Shape: [var rows, _] })
                if (From(node.Input[1]) is var by && source.Inputs.Any(input => input.Name == by))
                    lookups.TryAdd(by, rows);

        string[] order = [.. lookups.OrderByDescending(pair => pair.Value).Select(pair => pair.Key)];
        ValueInfoProto[] others = [.. source.Inputs.Where(input => !lookups.ContainsKey(input.Name))];
        if (order.Length is 0 or > 3 || others.Length > 1)
            throw new CheckpointException($"{source.Path}: its inputs are {string.Join(", ", source.Inputs.Take(8).Select(input => $"'{Node.Short(input.Name)}'"))}; expected pictures [batch, channels, height, width], or words, and perhaps token types, positions and a mask.");
        ValueInfoProto Input(string name) => source.Inputs.First(input => input.Name == name);
        ValueInfoProto words = Input(order[0]);
        ValueInfoProto? second = order.Length > 1 ? Input(order[1]) : null, third = order.Length > 2 ? Input(order[2]) : null;
        bool positions = third is not null || (second is not null && lookups[second.Name] > MostTypes);
        return new()
        {
            Words = words,
            Positions = positions ? second : null,
            Types = positions ? third : second,
            TypeRows = order.Length > 1 ? lookups[order[^1]] : 0,
            Mask = others.FirstOrDefault(),
            Shape = Sides(source, words),
            Fixed = words.Type.TensorType.Shape.Dim[1].DimValue > 0,
        };

        string From(string name)
        {
            for (int steps = 0; steps < 32 && producers.TryGetValue(name, out NodeProto? node) && node.OpType is "Identity" or "Cast" or "Reshape" or "Unsqueeze" or "Squeeze" && node.Input.Count > 0; steps++)
                name = node.Input[0];
            return name;
        }
    }

    /// <summary>What each input is.</summary>
    /// <param name="padded">Whether the mask leaves out the last tokens.</param>
    public Dictionary<string, Trial> Inputs(bool padded)
    {
        var inputs = new Dictionary<string, Trial>();
        Add(Words, Word);
        Add(Types, TypeAt);
        Add(Positions, place => place);
        Add(Mask, place => padded && IsPadding(place) ? 0 : 1);
        return inputs;

        void Add(ValueInfoProto? input, Func<int, double> at)
        {
            if (input is not null)
                inputs[input.Name] = new(Shape, [.. Enumerable.Range(0, Shape[0] * Length).Select(i => at(i % Length))]);
        }
    }

    static ImmutableArray<int> Sides(OnnxSource source, ValueInfoProto words)
    {
        long[] sides = [.. words.Type?.TensorType?.Shape?.Dim.Select(side => side.HasDimValue ? side.DimValue : 0) ?? []];
        if (sides.Length != 2 || sides.Any(side => side is < 0 or > MostTokens) || sides[0] * sides[1] > MostTokens)
            throw new CheckpointException($"{source.Path}: its input '{Node.Short(words.Name)}' is [{string.Join(", ", sides.Take(8))}]; expected [texts, tokens], {MostTokens} at most.");
        return [sides[0] == 0 ? 1 : (int)sides[0], sides[1] == 0 ? UsualLength : (int)sides[1]];
    }
}
