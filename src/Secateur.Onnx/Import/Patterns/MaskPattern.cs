namespace Secateur.Onnx.Import.Patterns;

/// <summary>What is added to the products of queries and keys, or put in their place, before the softmax.</summary>
/// <param name="Scores">The products.</param>
/// <param name="Bias">What is added; or what stands in their place where <paramref name="Condition"/> says so.</param>
/// <param name="Condition">Where; null where it is added everywhere.</param>
/// <param name="Kept">What the condition is where the products stay.</param>
internal sealed record MaskPattern(Edge Scores, Edge Bias, Edge? Condition, double Kept)
{
    // Half precision's least number is -65504; BERT's first code adds -10000.
    const double Hidden = -1000;

    /// <summary>Matches; null where nothing is masked here.</summary>
    public static MaskPattern? Of(Edge edge)
    {
        if (edge.Producer is not { } node)
            return null;
        if (node.Op == "Where" && node.Inputs is [{ Numbers: not null } condition, { } yes, { } no])
            return yes.Numbers is not null ? new(no, yes, condition, 0) : no.Numbers is not null ? new(yes, no, condition, 1) : null;
        if (node.Op != "Add" || node.Inputs is not [{ } a, { } b])
            return null;
        return b.Numbers is not null ? new(a, b, null, 0) : a.Numbers is not null ? new(b, a, null, 0) : null;
    }

    /// <summary>Whether it leaves all products as they are, and hides keys where it should.</summary>
    /// <param name="graph">A graph with other inputs; null to look at this one, where nothing is to be hidden.</param>
    /// <param name="hidden">Whether a key (its place in the text) is to be hidden there.</param>
    public bool Hides(TriedGraph? graph, Func<int, bool> hidden)
    {
        Edge bias = graph is null ? Bias : graph[Bias.Name];
        Edge? condition = Condition is null || graph is null ? Condition : graph[Condition.Name];
        if (bias.Numbers is not { } numbers || bias.Shape is not { } shape || (condition is not null && condition.Numbers is null))
            return false;
        if (condition is not null)
        {
            if (Sizes.Spread(condition.Shape!.Value, shape) is not { } wide)
                return false;
            numbers = Sizes.Spreading(shape, wide).Apply(numbers);
            double[] choices = Sizes.Spreading(condition.Shape.Value, wide).Apply(condition.Numbers!);
            (numbers, shape) = ([.. numbers.Zip(choices, (number, choice) => (choice != 0) == (Kept != 0) ? 0 : number)], wide);
        }

        int keys = shape.Length == 0 ? 1 : shape[^1];
        for (int i = 0; i < numbers.Length; i++)
            if (keys == 1 ? numbers[i] != 0 : hidden(i % keys) ? !(numbers[i] <= Hidden) : Math.Abs(numbers[i]) > 1e-6)
                return false;
        return true;
    }
}
