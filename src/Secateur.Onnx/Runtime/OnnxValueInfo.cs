using System.Collections.Immutable;

namespace Secateur.Onnx.Runtime;

/// <summary>An input or output of a model, as the model declares it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Shape">Its dimensions, -1 where one is free; empty too where the model does not say how many there are.</param>
/// <param name="Symbols">The name of each free dimension ("batch"); "" for one without a name and for one that is fixed.</param>
public sealed record OnnxValueInfo(string Name, OnnxElementType Type, ImmutableArray<long> Shape, ImmutableArray<string> Symbols)
{
    /// <summary>"pixel_values float32 [batch, 3, 56, 56]".</summary>
    public override string ToString() => $"{Name} {ElementTypes.Name(Type)} [{string.Join(", ", Shape.Select((length, i) => length >= 0 ? $"{length}" : Symbols[i].Length > 0 ? Symbols[i] : "?"))}]";

    /// <summary>Whether the model takes or gives such a tensor here.</summary>
    internal bool Fits(OnnxTensor tensor)
    {
        if (tensor.Type != Type || (Shape.Length > 0 && Shape.Length != tensor.Shape.Length))
            return false;
        for (int i = 0; i < Shape.Length; i++)
            if (Shape[i] >= 0 && Shape[i] != tensor.Shape[i])
                return false;
        return true;
    }
}
