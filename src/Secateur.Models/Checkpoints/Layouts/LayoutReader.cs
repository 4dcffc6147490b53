using System.Globalization;

namespace Secateur.Models.Checkpoints.Layouts;

/// <summary>Recognises a checkpoint's layout by its names and shows its tensors under timm's.</summary>
internal static class LayoutReader
{
    static readonly string[] Wrappers = ["module.", "model.", "_orig_mod."];

    /// <summary>Finds the layout.</summary>
    /// <param name="source">The tensors as the file names them.</param>
    /// <param name="layouts">Those it may be.</param>
    /// <param name="expected">For errors: what these layouts are of.</param>
    /// <exception cref="CheckpointException">No layout fits, or a name belongs to none.</exception>
    public static (T Layout, RenamedTensors Tensors, string Root) Read<T>(ITensorSource source, IReadOnlyList<T> layouts, string expected)
        where T : WeightLayout
    {
        if (Find(source, layouts) is var (layout, wrapper, root))
            return (layout, Rename(source, layout, wrapper, root), root);
        string names = string.Join(", ", source.Tensors.Keys.Take(3).Select(name => $"'{name}'"));
        throw new CheckpointException($"{source.Path}: these are no weights of {expected}. The first of {source.Tensors.Count} weights: {(names.Length == 0 ? "none" : names)}.");
    }

    /// <summary>The layout whose signature is there, and what stands before it; null where there is none.</summary>
    public static (T Layout, string Wrapper, string Root)? Find<T>(ITensorSource source, IReadOnlyList<T> layouts)
        where T : WeightLayout
    {
        string wrapper = "";
        while (Wrappers.FirstOrDefault(w => source.Tensors.Count > 0 && source.Tensors.Keys.All(name => name.StartsWith(wrapper + w, StringComparison.Ordinal))) is { } found)
            wrapper += found;
        foreach (T layout in layouts)
            foreach (string root in layout.Roots)
                if (source.Tensors.ContainsKey(wrapper + root + layout.Signature))
                    return (layout, wrapper, root);
        return null;
    }

    static RenamedTensors Rename(ITensorSource source, WeightLayout layout, string wrapper, string root)
    {
        var found = new Dictionary<string, string?[]>();
        var patterns = new Dictionary<string, Func<int, string>>();
        foreach (string name in source.Tensors.Keys)
        {
            if (Match(layout, name[wrapper.Length..], root) is not { } match)
                throw new CheckpointException($"{source.Path}: the weight '{name}' of shape {TensorTypes.Describe(source.Tensors[name].Shape)} belongs to nothing that is known of the {layout.Name} layout: this network has a part that cannot run here.");
            if (match.To is null)
                continue;
            if (!found.TryGetValue(match.To, out string?[]? parts))
                found.Add(match.To, parts = new string?[match.Parts]);
            if (match.Parts != parts.Length || parts[match.Part] is not null)
                throw new CheckpointException($"{source.Path}: the weight '{match.To}' is there twice, once as '{name}'.");
            parts[match.Part] = name;
            patterns[match.To] = part => wrapper + match.Prefix + layout.Inner.First(stem => stem.To == match.Stem!.To && stem.Part == part).From + name[(wrapper.Length + match.Prefix!.Length + match.Stem!.From.Length)..];
        }

        var renamed = new RenamedTensors(source);
        foreach ((string name, string?[] parts) in found)
        {
            int missing = Array.IndexOf(parts, null), missingRows = 0;
            if (missing >= 0)
            {
                // Attention whose keys have no bias is a network of its own; anything else is a gap.
                if (!name.EndsWith(".bias", StringComparison.Ordinal))
                    throw new CheckpointException($"{source.Path}: the weight '{patterns[name](missing)}' is missing; expected the shape of '{parts.First(part => part is not null)}', {TensorTypes.Describe(source.Tensors[parts.First(part => part is not null)!].Shape)}.");
                missingRows = source.Tensors[parts.First(part => part is not null)!].Length;
            }

            renamed.Add(name, parts, missingRows, name is "cls_token" or "dist_token" or "reg_token" or "pos_embed" ? 3 : 0);
        }

        return renamed;
    }

    static Match? Match(WeightLayout layout, string name, string root)
    {
        foreach (Stem stem in layout.Heads)
            if (Suffix(name, stem.From) is { } suffix)
                return new(stem.To + suffix, 0, 1);
        if (layout.Ignored.Any(ignored => Ignores(ignored, name)))
            return new(null, 0, 1);
        if (!name.StartsWith(root, StringComparison.Ordinal))
            return null;
        string inner = name[root.Length..];
        if (layout.Ignored.Any(ignored => Ignores(ignored, inner)))
            return new(null, 0, 1);
        foreach (Stem stem in layout.Outer)
            if (Suffix(inner, stem.From) is { } suffix)
                return new(stem.To + suffix, 0, 1);
        if (inner.StartsWith(layout.Blocks, StringComparison.Ordinal) && inner.IndexOf('.', layout.Blocks.Length) is > 0 and var dot
            && int.TryParse(inner.AsSpan(layout.Blocks.Length, dot - layout.Blocks.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int block))
        {
            string rest = inner[(dot + 1)..];
            foreach (Stem stem in layout.Inner)
                if (Suffix(rest, stem.From) is { } suffix)
                    return new($"blocks.{block}.{stem.To}{suffix}", stem.Part, stem.Parts) { Stem = stem, Prefix = root + inner[..(dot + 1)] };
        }

        return layout.IsCanonical ? new(inner, 0, 1) : null;
    }

    static bool Ignores(string ignored, string name) => ignored.EndsWith('.') ? name.StartsWith(ignored, StringComparison.Ordinal) : name == ignored;

    static string? Suffix(string name, string stem) =>
        name == stem ? "" : name.StartsWith(stem, StringComparison.Ordinal) && name[stem.Length] == '.' ? name[stem.Length..] : null;
}

/// <summary>What a name in a checkpoint means.</summary>
/// <param name="To">timm's name; null where the weight is ignored.</param>
/// <param name="Part">Which part of it.</param>
/// <param name="Parts">Of how many.</param>
internal sealed record Match(string? To, int Part, int Parts)
{
    /// <summary>The table's line, for a name in a block.</summary>
    public Stem? Stem { get; init; }

    /// <summary>What stands before the line's name.</summary>
    public string? Prefix { get; init; }
}
