using Secateur.Models.Checkpoints;

namespace Secateur.Onnx.Import;

/// <summary>Steps from an edge towards what it came from.</summary>
internal static class Trace
{
    const int Deepest = 16;

    /// <summary>Passes over whatever leaves all numbers of a token, and all tokens, where they are: Identity, Cast, Dropout, and shapes that only group tokens in another way.</summary>
    public static Edge Skip(this Edge edge)
    {
        while (edge.Producer is { } node && !edge.IsConstant && edge.Output == 0 && Move.Of(edge) is { } move && Stays(edge, node.In(0), move))
            edge = node.In(0);
        return edge;
    }

    /// <summary>What a node reads besides a constant; null where it reads no constant, or nothing else.</summary>
    /// <param name="edge">What an operator of two inputs gives.</param>
    /// <param name="op">The operator.</param>
    public static (Edge Other, Edge Constant)? WithConstant(this Edge edge, string op)
    {
        if (!edge.Is(op) || edge.Producer!.Inputs is not [{ } a, { } b])
            return null;
        return (a.IsConstant, b.IsConstant) switch
        {
            (false, true) => (a, b),
            (true, false) => (b, a),
            _ => null,
        };
    }

    /// <summary>The number by which something is multiplied or divided; null where it is not.</summary>
    public static (Edge Other, double Factor)? Scaled(this Edge edge) => edge.Producer switch
    {
        { Op: "Mul", Inputs: [{ } a, { Number: { } factor }] } => (a, factor),
        { Op: "Mul", Inputs: [{ Number: { } factor }, { } b] } => (b, factor),
        { Op: "Div", Inputs: [{ } a, { Number: { } divisor }] } => (a, 1 / divisor),
        _ => null,
    };

    /// <summary>The two inputs of an operator that are no constants, the one that was there first before the other; null where it is another operator.</summary>
    public static (Edge Earlier, Edge Later)? Two(this Edge edge, string op)
    {
        if (!edge.Is(op) || edge.Producer!.Inputs is not [{ IsConstant: false } a, { IsConstant: false } b])
            return null;
        return Place(a) <= Place(b) ? (a, b) : (b, a);

        static int Place(Edge edge) => edge.Skip().Producer?.Position ?? -1;
    }

    /// <summary>The numbers of a constant, however it was stored; null where it is none, or is worked out by more than moves.</summary>
    public static float[]? Floats(this Edge edge) => Floats(edge, 0);

    /// <summary>Refuses an answer that was turned into probabilities.</summary>
    /// <exception cref="CheckpointException">It was.</exception>
    public static void RequireLogits(this Edge answer)
    {
        if (answer.Producer is { Op: "Softmax" or "LogSoftmax" or "Sigmoid" })
            throw answer.Expected("logits; export the network without what turns them into probabilities");
    }

    static float[]? Floats(Edge edge, int depth)
    {
        if (!edge.IsConstant || depth == Deepest)
            return null;
        if (edge.Stored is { } stored)
        {
            var values = new float[stored.Length];
            stored.Read(values);
            return values;
        }

        if (edge.Producer is { Op: "Constant" } node && node.Tensor("value") is { } tensor)
        {
            var values = new float[tensor.Length];
            tensor.Read(values);
            return values;
        }

        if (edge.Numbers is { } numbers)
            return [.. numbers.Select(number => (float)number)];
        if (edge.Is("Concat"))
            return Concat(edge, depth);
        return Move.Of(edge) is { } move && Floats(edge.Producer!.In(0), depth + 1) is { } from ? move.Apply(from) : null;
    }

    // Side by side along the only axis of which there are several, or the first.
    static float[]? Concat(Edge edge, int depth)
    {
        Node node = edge.Producer!;
        int axis = node.Axis(node.Int("axis", 0), edge.Rank);
        if (Sizes.Product(edge.Shape!.Value[..axis]) != 1)
            return null;
        var all = new List<float>();
        for (int i = 0; i < node.Inputs.Length; i++)
            if (Floats(node.In(i), depth + 1) is { } part)
                all.AddRange(part);
            else
                return null;
        return [.. all];
    }

    static bool Stays(Edge to, Edge from, Move move)
    {
        if (to.Last() != from.Last() || to.Length != from.Length)
            return false;
        if (move.Tables is null)
            return true;
        int[] places = move.Apply([.. Enumerable.Range(0, from.Length)]);
        for (int i = 0; i < places.Length; i++)
            if (places[i] != i)
                return false;
        return true;
    }
}
