using Secateur.Models;

namespace Secateur.Cli.Commands.Pruning;

/// <summary>What stayed of each block, drawn with letters.</summary>
internal static class StructurePicture
{
    const int MostHeads = 24, Bar = 24;

    /// <summary>A line a block.</summary>
    /// <param name="dense">Before.</param>
    /// <param name="pruned">Afterwards.</param>
    /// <param name="keptHeads">The heads that stayed, of each block.</param>
    public static IEnumerable<string> Lines(Transformer dense, Transformer pruned, Func<int, IReadOnlyCollection<int>> keptHeads)
    {
        int heads = Math.Min(MostHeads, dense.Blocks.Max(block => block.Heads));
        string counts = $"{dense.Blocks.Max(block => block.Heads)}";
        yield return $"block  {"heads".PadRight(heads + (2 * counts.Length) + 6)}neurons";
        for (int i = 0; i < dense.Depth; i++)
        {
            (BlockShape before, BlockShape after) = (dense.Blocks[i], pruned.Blocks[i]);
            IReadOnlyCollection<int> kept = keptHeads(i);
            string marks = before.Heads <= MostHeads ? string.Concat(Enumerable.Range(0, before.Heads).Select(head => kept.Contains(head) ? '●' : '·')) : Filled(after.Heads, before.Heads, heads);
            string share = $"{after.Heads} of {before.Heads}".PadRight((2 * counts.Length) + 5);
            yield return $"{i,5}  {marks.PadRight(heads)} {share}{Filled(after.Neurons, before.Neurons, Bar)} {after.Neurons} of {before.Neurons}";
        }
    }

    static string Filled(int part, int whole, int length)
    {
        int filled = whole == 0 ? 0 : (int)Math.Round((double)part * length / whole);
        return new string('█', filled) + new string('·', length - filled);
    }
}
