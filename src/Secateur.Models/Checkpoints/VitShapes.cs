using System.Collections.Immutable;

namespace Secateur.Models.Checkpoints;

/// <summary>What the weights of a vision transformer say about it.</summary>
internal sealed record VitShapes
{
    readonly string path;
    readonly int prefix;
    readonly int positions;

    /// <summary>Looks at the few weights that say it.</summary>
    /// <param name="source">Tensors under timm names.</param>
    /// <exception cref="CheckpointException">One of them is missing or has no such shape.</exception>
    public VitShapes(ITensorSource source)
    {
        path = source.Path;
        ImmutableArray<int> patch = Shape("patch_embed.proj.weight", 4)!.Value;
        (Width, PatchSize) = (patch[0], patch[2]);
        if (patch[2] != patch[3])
            throw new CheckpointException($"{path}: the weight 'patch_embed.proj.weight' has shape {TensorTypes.Describe(patch)}; expected [width, channels, patch, patch], square patches.");
        positions = Shape("pos_embed", 3)!.Value[1];
        HasClassToken = source.Tensors.ContainsKey("cls_token");
        HasDistillationToken = source.Tensors.ContainsKey("dist_token");
        Registers = Shape("reg_token", 3, optional: true)?[1] ?? 0;
        prefix = (HasClassToken ? 1 : 0) + (HasDistillationToken ? 1 : 0) + Registers;
        HasNormBeforeBlocks = source.Tensors.ContainsKey("norm_pre.weight");
        HasNormAfterPooling = source.Tensors.ContainsKey("fc_norm.weight");
        IsGated = Gates(source);
        (Classes, HeadInputs) = Shape("head.weight", 2, optional: true) is { } head ? (head[0], head[1]) : (0, Width);

        ImmutableArray<int>? Shape(string name, int dimensions, bool optional = false)
        {
            if (!source.Tensors.TryGetValue(name, out TensorInfo? info))
                return optional ? null : throw new CheckpointException($"{path}: the weight '{name}' is missing; expected one of {dimensions} dimensions.");
            return info.Shape.Length == dimensions && info.Length > 0
                ? info.Shape
                : throw new CheckpointException($"{path}: the weight '{name}' has shape {TensorTypes.Describe(info.Shape)}; expected {dimensions} dimensions, none of them 0.");
        }
    }

    public int Width { get; }

    public int PatchSize { get; }

    public bool HasClassToken { get; }

    public bool HasDistillationToken { get; }

    public int Registers { get; }

    public bool HasNormBeforeBlocks { get; }

    public bool HasNormAfterPooling { get; }

    public bool IsGated { get; }

    /// <summary>Rows of the classifier; 0 when there is none.</summary>
    public int Classes { get; }

    /// <summary>Columns of the classifier.</summary>
    public int HeadInputs { get; }

    /// <summary>Whether neurons have gates, which the first block that has neurons says.</summary>
    bool Gates(ITensorSource source)
    {
        for (int i = 0; ; i++)
        {
            if (!source.Tensors.TryGetValue($"blocks.{i}.mlp.fc2.weight", out TensorInfo? second) || !source.Tensors.TryGetValue($"blocks.{i}.mlp.fc1.weight", out TensorInfo? first))
                return i > 0 ? false : throw new CheckpointException($"{path}: the weights 'blocks.0.mlp.fc1.weight' and 'blocks.0.mlp.fc2.weight' are missing; expected two of 2 dimensions.");
            if (second.Shape.Length != 2 || first.Shape.Length != 2)
                throw new CheckpointException($"{path}: the weight 'blocks.{i}.mlp.fc2.weight' has shape {TensorTypes.Describe(second.Shape)}, and 'blocks.{i}.mlp.fc1.weight' {TensorTypes.Describe(first.Shape)}; expected 2 dimensions.");
            if (second.Shape[1] > 0)
                return first.Shape[0] == 2L * second.Shape[1];
        }
    }

    /// <summary>The pixels that the position embeddings are for: as told, where their number fits, or else a square.</summary>
    /// <exception cref="CheckpointException">Neither fits.</exception>
    public (int Height, int Width) ImageSize((int Height, int Width)? told)
    {
        int[] covered = [.. new[] { prefix, 0, HasClassToken ? 1 : 0 }.Distinct()];
        if (told is { } size)
        {
            (int rows, int columns) = (size.Height / PatchSize, size.Width / PatchSize);
            if (rows > 0 && columns > 0 && covered.Contains((int)Math.Clamp(positions - ((long)rows * columns), -1, int.MaxValue)))
                return (rows * PatchSize, columns * PatchSize);
        }

        foreach (int tokens in covered)
        {
            int side = (int)Math.Sqrt(positions - tokens);
            if (side > 0 && side * side == positions - tokens && (long)side * PatchSize <= int.MaxValue)
                return (side * PatchSize, side * PatchSize);
        }

        throw new CheckpointException($"{path}: the weight 'pos_embed' has {positions} positions; expected {(told is { } wanted ? $"those of {wanted.Height} x {wanted.Width} pixels or " : "")}a square of patches, with or without {prefix} prefix tokens. State the image size in config.json.");
    }

    /// <summary>Columns of a head: the width by the number of heads, or, where nobody told that number, what networks of this width have.</summary>
    /// <param name="heads">Number of heads, or null.</param>
    /// <param name="config">Who told it, for errors.</param>
    /// <exception cref="CheckpointException">The heads do not divide the width, or there is no convention for it.</exception>
    public int HeadDim(int? heads, ConfigFile? config)
    {
        if (heads is { } number)
            return Width % number == 0 ? Width / number : throw config!.Wrong("num_heads", number.ToString(), $"a divisor of the width {Width}");

        // Huge, giant, gigantic and "shape-optimised 400M" have 16 heads; every other network has heads of 64 columns.
        if (Width is 1280 or 1408 or 1664 or 1152)
            return Width / 16;
        return Width % 64 == 0 ? 64 : throw new CheckpointException($"{path}: nothing says how many heads a block of width {Width} has. Put a config.json beside the weights: {{\"architecture\": \"...\", \"model_args\": {{\"num_heads\": ...}}}}.");
    }
}
