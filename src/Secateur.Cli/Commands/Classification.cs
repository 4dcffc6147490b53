namespace Secateur.Cli.Commands;

/// <summary>One class that a network considers, and how likely it finds it.</summary>
/// <param name="Index">Index of the class.</param>
/// <param name="Label">Its name; null where nobody knows it.</param>
/// <param name="Probability">After softmax over all classes.</param>
internal readonly record struct Guess(int Index, string? Label, float Probability)
{
    /// <summary>The name, or the index where there is none.</summary>
    public string Name => Label ?? $"class {Index}";
}

/// <summary>What a network says about one picture.</summary>
/// <param name="File">The picture, as it was named.</param>
/// <param name="Top">The likeliest classes, the likeliest first.</param>
/// <param name="Milliseconds">Time of the network alone; a batch's time in equal parts.</param>
/// <param name="Macs">Multiply-adds that were executed; a batch's in equal parts.</param>
/// <param name="Tokens">Tokens that were left after the last block.</param>
internal sealed record Classification(string File, IReadOnlyList<Guess> Top, double Milliseconds, long Macs, int Tokens)
{
    /// <summary>The likeliest classes.</summary>
    /// <param name="probabilities">[classes].</param>
    /// <param name="count">How many are wanted.</param>
    /// <param name="labels">Names by index; empty where nobody knows them.</param>
    public static IReadOnlyList<Guess> Likeliest(ReadOnlySpan<float> probabilities, int count, IReadOnlyList<string> labels)
    {
        var order = new int[probabilities.Length];
        for (int i = 0; i < order.Length; i++)
            order[i] = i;
        float[] falling = probabilities.ToArray();
        falling.AsSpan().Sort(order.AsSpan(), static (a, b) => b.CompareTo(a));
        var top = new Guess[Math.Min(count, order.Length)];
        for (int i = 0; i < top.Length; i++)
            top[i] = new(order[i], order[i] < labels.Count ? labels[order[i]] : null, falling[i]);
        return top;
    }
}
