using System.Collections.Immutable;

namespace Secateur.Models.Text;

/// <summary>One text as a network reads it, special tokens included: what a tokenizer yields.</summary>
/// <param name="Ids">Numbers in the vocabulary, [tokens].</param>
/// <param name="Types">Which part of a pair each token belongs to, 0 or 1, [tokens]; empty for zeros.</param>
public sealed record TextTokens(ImmutableArray<int> Ids, ImmutableArray<int> Types);
