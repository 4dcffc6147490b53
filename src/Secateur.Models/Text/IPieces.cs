namespace Secateur.Models.Text;

/// <summary>Cuts text that holds no special tokens into pieces that the vocabulary knows.</summary>
internal interface IPieces
{
    /// <summary>Makes alike what the network takes to be alike: case, accents, spaces.</summary>
    string Normalize(string text);

    /// <summary>Adds the ids of the pieces of a normalised text.</summary>
    void Encode(string text, List<int> ids);
}
