namespace Secateur.Models.Text;

/// <summary>The letters that stand for bytes in byte-level vocabularies (GPT-2's released code): a byte that is a visible character of Latin-1 is that
/// character; the other 68 are, in order, the characters from U+0100 on.</summary>
internal static class ByteLetters
{
    static readonly string Table = Make();

    /// <summary>The letter of a byte.</summary>
    public static char Of(byte value) => Table[value];

    static string Make()
    {
        char[] letters = new char[256];
        int others = 0;
        for (int i = 0; i < letters.Length; i++)
            letters[i] = i is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF) ? (char)i : (char)(0x100 + others++);
        return new(letters);
    }
}
