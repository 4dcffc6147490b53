using Secateur.Models.Checkpoints;
using Secateur.Models.Layers;
using Secateur.Models.Text;
using Secateur.Models.Tokens;

namespace Secateur.Models.Bert;

/// <summary>From numbers of a vocabulary to tokens: word, position and type, added up and normed. All of it is looked up, nothing multiplied.</summary>
internal sealed class TextEmbedding(int width, TextConfig config)
{
    readonly LayerNorm norm = new(config.Epsilon);
    float[]? words;
    float[]? positions;
    float[]? types;

    /// <summary>Words it knows.</summary>
    public int Vocabulary => words!.Length / width;

    /// <summary>Token types it knows.</summary>
    public int Types => (types?.Length ?? 0) / width;

    public void Visit(WeightVisitor visitor)
    {
        visitor.Vector("word_embed.weight", ref words, [WeightVisitor.Any, width]);
        visitor.Vector("pos_embed.weight", ref positions, [WeightVisitor.Any, width]);
        visitor.Vector("type_embed.weight", ref types, [WeightVisitor.Any, width], optional: true);
        norm.Visit(visitor, "norm_embed", width);
    }

    /// <summary>Positions that a text may use.</summary>
    public int Positions => (positions!.Length / width) - config.FirstPosition;

    /// <summary>Fills <paramref name="tokens"/>, which was reset to the lengths of the batch. A network with one type or none does not look at types.</summary>
    /// <exception cref="ArgumentException">A number is not in the vocabulary, or is no type.</exception>
    public void Run(Engine engine, TextBatch batch, TokenRows tokens)
    {
        ReadOnlySpan<int> offsets = batch.Offsets.AsSpan();
        for (int s = 0; s < batch.Texts; s++)
            for (int i = offsets[s]; i < offsets[s + 1]; i++)
            {
                int word = batch.Ids[i], type = Types > 1 ? batch.Types[i] : 0;
                if ((uint)word >= (uint)Vocabulary)
                    throw new ArgumentException($"Text {s} has the token {word}; the vocabulary has {Vocabulary} words. Is the tokenizer this network's own?", nameof(batch));
                if (type != 0 && (uint)type >= (uint)Types)
                    throw new ArgumentException($"Text {s} has a token of type {type}; the network knows {Types} types.", nameof(batch));
                Span<float> row = tokens.Rows.Row(i);
                words.AsSpan(word * width, width).CopyTo(row);
                if (types is not null)
                    Add(types.AsSpan(type * width, width), row);
                Add(positions.AsSpan((config.FirstPosition + i - offsets[s]) * width, width), row);
            }

        norm.Run(engine, tokens.Rows, tokens.Rows);
    }

    static void Add(ReadOnlySpan<float> more, Span<float> to)
    {
        for (int c = 0; c < to.Length; c++)
            to[c] += more[c];
    }
}
