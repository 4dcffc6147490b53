namespace Secateur.Models.Checkpoints.Layouts;

/// <summary>A name of a weight (or of all weights of a layer) in a checkpoint, and what it is called here.</summary>
/// <param name="From">The name, or the layer's name before ".weight" and ".bias".</param>
/// <param name="To">The same here (timm's names).</param>
/// <param name="Part">Which part of our weight it is, from 0.</param>
/// <param name="Parts">Of how many parts our weight consists; they lie below each other.</param>
internal sealed record Stem(string From, string To, int Part = 0, int Parts = 1);

/// <summary>How a family of checkpoints names its weights.</summary>
internal abstract class WeightLayout
{
    /// <summary>For people.</summary>
    public abstract string Name { get; }

    /// <summary>What may stand before every name but those of <see cref="Heads"/>.</summary>
    public virtual IReadOnlyList<string> Roots => [""];

    /// <summary>A name (after the root) that no other layout has.</summary>
    public abstract string Signature { get; }

    /// <summary>What stands before a block's number.</summary>
    public abstract string Blocks { get; }

    /// <summary>Names outside of blocks, after the root.</summary>
    public abstract IReadOnlyList<Stem> Outer { get; }

    /// <summary>Names in a block, after its number.</summary>
    public abstract IReadOnlyList<Stem> Inner { get; }

    /// <summary>Names outside of the root.</summary>
    public virtual IReadOnlyList<Stem> Heads => [];

    /// <summary>Whole names, or beginnings of names that end with a dot, that a network here has no use for; with the root or without.</summary>
    public virtual IReadOnlyList<string> Ignored => [];

    /// <summary>Whether names that no table has are our own.</summary>
    public virtual bool IsCanonical => false;
}
