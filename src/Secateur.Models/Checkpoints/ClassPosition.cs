using System.Collections.Immutable;

namespace Secateur.Models.Checkpoints;

/// <summary>Hugging Face's DINOv2 with registers has a position for the class token but none for the registers, which timm cannot say: there the
/// position is part of the class token. The sum is the one that every run begins with, so that nothing changes.</summary>
internal static class ClassPosition
{
    /// <summary>Adds the first position to the class token, where the positions are those of the class token and the patches alone, and there are registers.</summary>
    public static IReadOnlyList<(string Name, ImmutableArray<int> Shape, Action<Span<float>> Read)> Fold(
        IReadOnlyList<(string Name, ImmutableArray<int> Shape, Action<Span<float>> Read)> weights, int patches)
    {
        int token = Find("cls_token"), positions = Find("pos_embed");
        if (token < 0 || positions < 0 || Find("reg_token") < 0 || weights[positions].Shape is not [1, var rows, var width] || rows != patches + 1
            || weights[token].Shape.Aggregate(1L, (a, b) => a * b) != width)
            return weights;
        (string Name, ImmutableArray<int> Shape, Action<Span<float>> Read)[] folded = [.. weights];
        folded[token].Read = to =>
        {
            weights[token].Read(to);
            float[] all = ReadPositions();
            for (int c = 0; c < width; c++)
                to[c] += all[c];
        };
        folded[positions] = ("pos_embed", [1, patches, width], to => ReadPositions().AsSpan(width).CopyTo(to));
        return folded;

        float[] ReadPositions()
        {
            var all = new float[rows * width];
            weights[positions].Read(all);
            return all;
        }

        int Find(string name)
        {
            for (int i = 0; i < weights.Count; i++)
                if (weights[i].Name == name)
                    return i;
            return -1;
        }
    }
}
