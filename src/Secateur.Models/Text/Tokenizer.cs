using Secateur.Models.Checkpoints;

namespace Secateur.Models.Text;

/// <summary>A tokenizer from a checkpoint's folder: finds the special tokens that stand in the text, cuts what is between them into pieces, and puts
/// the special tokens around it that the network was trained with.</summary>
public sealed class Tokenizer : ITokenizer
{
    readonly IPieces pieces;
    readonly AddedTokens raw, normalized;
    readonly TokenTemplate template;

    internal Tokenizer(IPieces pieces, int size, IReadOnlyCollection<AddedToken> added, TokenTemplate template)
    {
        (this.pieces, this.template) = (pieces, template);
        raw = new(added.Where(token => !token.Normalized));
        normalized = new(added.Where(token => token.Normalized).Select(token => token with { Content = pieces.Normalize(token.Content) }));
        Size = added.Select(token => token.Id + 1).Append(size).Append(template.Size).Max();
    }

    /// <inheritdoc/>
    public int Size { get; }

    /// <summary>Opens a tokenizer: <c>tokenizer.json</c>; or else <c>vocab.txt</c> (BERT's WordPiece), or <c>vocab.json</c> with <c>merges.txt</c>
    /// (RoBERTa's byte-level pairs), either as <c>tokenizer_config.json</c> says where there is one.</summary>
    /// <param name="folder">The folder of a checkpoint.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="CheckpointException">There is none, or none that is understood; the message names what was found and what was expected.</exception>
    public static Tokenizer Open(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        try
        {
            return TokenizerJson.TryOpen(Path.Combine(folder, "tokenizer.json"))
                ?? VocabularyFiles.TryOpen(folder)
                ?? throw new CheckpointException($"{folder}: there is no tokenizer: no tokenizer.json, no vocab.txt, no vocab.json with merges.txt. Copy it from where the network came from.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{folder}: the tokenizer cannot be read ({e.Message})", e);
        }
    }

    /// <summary>Opens the tokenizer that lies beside a network's weights.</summary>
    /// <param name="path">As <see cref="Transformer.Load"/> takes it.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="CheckpointException">There is no such network, or no tokenizer beside it, or none that is understood.</exception>
    public static Tokenizer OpenFor(string path) => Open(CheckpointFiles.Find(path).Folder);

    /// <inheritdoc/>
    public TextTokens Encode(string text, string? pair = null, int longest = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(text);
        return template.Apply(Pieces(text), pair is null ? null : Pieces(pair), longest);
    }

    List<int> Pieces(string text)
    {
        var ids = new List<int>();
        foreach ((string section, AddedToken? token) in raw.Split(text))
        {
            if (token is not null)
            {
                ids.Add(token.Id);
                continue;
            }

            foreach ((string part, AddedToken? inner) in normalized.Split(pieces.Normalize(section)))
                if (inner is not null)
                    ids.Add(inner.Id);
                else
                    pieces.Encode(part, ids);
        }

        return ids;
    }
}
