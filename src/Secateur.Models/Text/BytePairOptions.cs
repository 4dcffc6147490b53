namespace Secateur.Models.Text;

/// <summary>What differs from one byte-level tokenizer to the next.</summary>
/// <param name="PrefixSpace">Whether a text that begins without a space gets one, so that its first word is as any other.</param>
/// <param name="WholeWords">Whether a word that is in the vocabulary is taken whole, whatever the merges say.</param>
/// <param name="Unknown">The id of a byte that the vocabulary lacks; null to leave it out.</param>
internal sealed record BytePairOptions(bool PrefixSpace, bool WholeWords, int? Unknown);
